import { setTimeout as sleep } from 'node:timers/promises';
import type { IngressInfo } from '@livekit/protocol';
import { RpcError } from '../rpc/error.ts';
import type { IoInfo } from '../rpc/io-info.ts';
import type { RedisBus } from '../rpc/redis-bus.ts';

/**
 * How long an encoder may wait for a server that hears nothing: livekit-server 1.13.5 takes 2 s to listen again where Redis
 * was away, and an encoder that is refused may not come back by itself. Milliseconds.
 */
const patience = 6_000;
/** Before the next question, for one that failed at once. Milliseconds. */
const pause = 100;

/**
 * Asks the server whose stream key it is.
 *
 * @returns nothing where it is nobody's
 * @throws RpcError where no server answers, at once where Redis is away as well
 */
export async function lookUp(options: {
  streamKey: string;
  io: Pick<IoInfo, 'ingress'>;
  bus: Pick<RedisBus, 'isReady'>;
  signal: AbortSignal;
}): Promise<IngressInfo | undefined> {
  const { streamKey, io, bus, signal } = options;
  const began = performance.now();
  for (;;) {
    try {
      return await io.ingress({ streamKey }, signal);
    } catch (cause) {
      const isDeaf = cause instanceof RpcError && cause.code === 'unavailable' && bus.isReady();
      if (!isDeaf || signal.aborted || performance.now() - began > patience) throw cause;
    }
    await sleep(pause);
  }
}

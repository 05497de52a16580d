import type { Reply } from '../../core/probes/ask.ts';
import { origin, type SocketAddress } from '../../core/socket-address.ts';

/**
 * Asks the monitoring port how each stream is. A stream that failed to write takes no more messages, and nothing else
 * says so: logins and messages outside of streams go on.
 *
 * @param options.address of the monitoring port
 * @throws what the network answers
 */
export async function askStreams(options: { address: SocketAddress; signal: AbortSignal }): Promise<Reply> {
  const { address, signal } = options;
  const answer = await fetch(`${origin(address)}/healthz?details=true`, { signal });
  return readStreamHealth({ status: answer.status, text: await answer.text() });
}

/** The parts of `/healthz?details=true` that arc reads: server/monitor.go of NATS 2.15. */
type Healthz = {
  status?: string;
  error?: string;
  errors?: readonly { stream?: string; error?: string }[];
};

/** What the answer of `/healthz?details=true` means, and what to do about it. Pure. */
export function readStreamHealth(answer: { status: number; text: string }): Reply {
  let health: Healthz;
  try {
    health = JSON.parse(answer.text) as Healthz;
  } catch {
    return { ok: false, came: `${answer.status}, and no JSON` };
  }
  if (answer.status === 200 && health.status === 'ok') return { ok: true, came: 'every stream can write' };
  const [first, ...others] = health.errors ?? [];
  if (first === undefined) return { ok: false, came: health.error ?? `${answer.status}` };
  const rest = others.length === 0 ? '' : `, and ${others.length} more`;
  const { stream, error = '' } = first;
  if (stream === undefined) return { ok: false, came: `${error}${rest}` };
  const reason = /write error: (?:\w+ \S+: )?(.*)$/.exec(error)?.[1];
  if (reason === undefined) return { ok: false, came: `${error}${rest}` };
  const advice = /no space left on device|disk quota exceeded/.test(reason)
    ? 'make room on the disk of the Engine, and it goes on by itself'
    : 'see arc logs, and start the server again once its disk is right';
  return { ok: false, came: `stream ${stream} cannot write${rest}: ${reason}; ${advice}` };
}

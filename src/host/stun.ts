import { randomBytes } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { type ArcError, failed } from '../core/errors.ts';
import { explainFailure } from './network-failure.ts';
import { decodeAnswer, encodeRequest, transactionBytes } from './stun-message.ts';

/** Public servers of different operators, the first two among those that LiveKit itself asks by default. */
export const stunServers = [
  'global.stun.twilio.com:3478',
  'stun.l.google.com:19302',
  'stun.cloudflare.com:3478',
] as const;

/** First time to wait before a request is repeated, doubled each time (RFC 8489, section 6.2.1). */
const firstRetryMilliseconds = 500;

/**
 * Asks STUN servers which IPv4 address this machine is seen from; the first answer counts.
 *
 * @param options.servers each `host:port`
 * @throws ArcError (exit status 1) `no-public-address`, with a line for each server
 */
export async function publicAddress(options: {
  servers: readonly string[];
  deadlineMilliseconds: number;
}): Promise<{ address: string; server: string }> {
  const stop = new AbortController();
  try {
    return await Promise.any(
      options.servers.map(async (server) => ({
        address: await ask(server, options.deadlineMilliseconds, stop.signal),
        server,
      })),
    );
  } catch (cause) {
    throw unanswered(options.servers, cause);
  } finally {
    stop.abort();
  }
}

function ask(server: string, deadlineMilliseconds: number, signal: AbortSignal): Promise<string> {
  const [, host = server, port = '3478'] = /^(.*):(\d+)$/.exec(server) ?? [];
  const transaction = randomBytes(transactionBytes);
  const request = encodeRequest(transaction);
  return new Promise((resolve, reject) => {
    const socket = createSocket('udp4');
    let retry: NodeJS.Timeout | undefined;
    let ended = false;
    const end = (finish: () => void) => {
      if (ended) return;
      ended = true;
      clearTimeout(retry);
      clearTimeout(deadline);
      socket.close();
      finish();
    };
    const deadline = setTimeout(
      () => end(() => reject(new Error(`no answer within ${deadlineMilliseconds} ms`))),
      deadlineMilliseconds,
    );
    signal.addEventListener('abort', () => end(() => reject(new Error('not needed any more'))), {
      once: true,
    });
    socket.on('error', (error) => end(() => reject(error)));
    socket.on('message', (message) => {
      const address = decodeAnswer(message, transaction);
      if (address !== undefined) end(() => resolve(address));
    });
    const send = (wait: number) => {
      socket.send(request);
      retry = setTimeout(() => send(wait * 2), wait);
    };
    socket.once('connect', () => send(firstRetryMilliseconds));
    socket.connect(Number(port), host);
  });
}

function unanswered(servers: readonly string[], cause: unknown): ArcError {
  const reasons: unknown[] = cause instanceof AggregateError ? cause.errors : [];
  return failed(
    {
      code: 'no-public-address',
      message: 'No STUN server reported the public address of this machine.',
      detail: servers.map((server, index) => {
        return `${server}: ${explainFailure(reasons[index])}`;
      }),
      suggestion: 'name the address: --set node_ip=203.0.113.7; or let UDP to these servers through',
    },
    cause,
  );
}

import { connect, type Socket } from 'node:net';
import { authority, type SocketAddress } from '../socket-address.ts';
import { ask, type Reply } from './ask.ts';
import type { ProbeKind } from './probe.ts';

/**
 * How long a connection must stay open to count. Docker's proxy accepts connections to a published port even when
 * nothing listens in the container; it then closes them within a millisecond or two.
 */
const heldMilliseconds = 50;

/** Connects, and checks that the connection is not closed immediately. */
export const tcpProbe: ProbeKind = {
  kind: 'tcp',
  ask: ({ address, timeoutMilliseconds, signal }) =>
    ask({
      question: `connect ${authority(address)}`,
      timeoutMilliseconds,
      signal,
      run: (over) => hold(address, over),
    }),
};

function hold({ host, port }: SocketAddress, signal: AbortSignal): Promise<Reply> {
  return holdOpen(connect({ host, port, signal }));
}

/** Sees that a connection, which may still be under way, is not closed at once. Ends it. */
export function holdOpen(socket: Socket): Promise<Reply> {
  return new Promise((resolve, reject) => {
    let timer: NodeJS.Timeout | undefined;
    const settle = (reply: Reply): void => {
      clearTimeout(timer);
      resolve(reply);
      socket.destroy();
    };
    const wait = (): void => {
      timer = setTimeout(() => settle({ ok: true, came: 'connected' }), heldMilliseconds);
    };
    socket.on('error', reject);
    if (socket.connecting) socket.on('connect', wait);
    else wait();
    // A server that greets (SMTP, SSH) is one that listens.
    socket.on('data', () => settle({ ok: true, came: 'connected' }));
    socket.on('end', () => settle({ ok: false, came: 'connection closed at once' }));
    socket.on('close', () => settle({ ok: false, came: 'connection closed at once' }));
  });
}

import { connect } from 'node:net';
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
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port, signal });
    let timer: NodeJS.Timeout | undefined;
    const settle = (reply: Reply): void => {
      clearTimeout(timer);
      resolve(reply);
      socket.destroy();
    };
    socket.on('error', reject);
    socket.on('connect', () => {
      timer = setTimeout(() => settle({ ok: true, came: 'connected' }), heldMilliseconds);
    });
    // A server that greets (SMTP, SSH) is one that listens.
    socket.on('data', () => settle({ ok: true, came: 'connected' }));
    socket.on('end', () => settle({ ok: false, came: 'connection closed at once' }));
    socket.on('close', () => settle({ ok: false, came: 'connection closed at once' }));
  });
}

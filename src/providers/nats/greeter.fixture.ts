import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import type { SocketAddress } from '../../core/socket-address.ts';

/** What a server says of itself to whoever connects. */
export const greeting = 'INFO {"server_id":"A","version":"2.12.1","max_payload":1048576,"jetstream":true}';

/** Something that listens, greets, and answers `PING`: as much of NATS as a client needs to stay. */
export async function startGreeter(options: {
  greets?: string;
  /** Told of each line that a client sends; what it returns is sent back. */
  answer?: (line: string) => string | undefined;
}): Promise<{ address: SocketAddress } & AsyncDisposable> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.write(`${options.greets ?? greeting}\r\n`);
    socket.setEncoding('utf8').on('data', (text: string) => {
      for (const line of text.split('\r\n')) {
        const said = options.answer?.(line) ?? (line === 'PING' ? 'PONG' : undefined);
        if (said !== undefined) socket.write(`${said}\r\n`);
      }
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    address: { host: '127.0.0.1', port: (server.address() as AddressInfo).port },
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

import { createSocket } from 'node:dgram';
import { createServer } from 'node:net';

/**
 * Whether the kernel lets a server bind a port now; binds it for an instant, as the Engine would. `unknown` where
 * this user may not bind it at all (below 1024), or where this machine does not have the address.
 */
export function tryBind(options: {
  protocol: 'tcp' | 'udp';
  bind: string;
  port: number;
}): Promise<'free' | 'taken' | 'unknown'> {
  const { protocol, bind, port } = options;
  return new Promise((resolve) => {
    const refuse = (error: NodeJS.ErrnoException) =>
      resolve(error.code === 'EADDRINUSE' ? 'taken' : 'unknown');
    // `exclusive` keeps Node's cluster module out of it.
    if (protocol === 'tcp') {
      const server = createServer().once('error', refuse);
      server.listen({ host: bind, port, exclusive: true }, () => server.close(() => resolve('free')));
      return;
    }
    const socket = createSocket(bind.includes(':') ? 'udp6' : 'udp4').once('error', (error) => {
      socket.close();
      refuse(error);
    });
    socket.bind({ address: bind, port, exclusive: true }, () => socket.close(() => resolve('free')));
  });
}

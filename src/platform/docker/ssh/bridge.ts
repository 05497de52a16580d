import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import type { PipedProcess } from '../../../host/piped.ts';

/** How a program that carried one connection ended. */
export type Carried = { status: number | undefined; stderr: string };

/** A listener that carries each connection over its own program. */
export type Bridge = {
  server: Server;
  /** Ends every connection, and the programs with them. */
  close: () => void;
};

/**
 * Carries connections over programs: a client's output is a program's standard input, and the program's output is the
 * answer. So a client that only knows sockets reaches what only `ssh` reaches.
 *
 * @param options.listen path of a socket, or a port of 127.0.0.1 (0: any free one)
 * @param options.start starts the program for one connection; undefined if there is no way any more
 * @param options.onFirst called with the first bytes of each answer
 * @param options.onEnd called before the client learns that its connection ended
 */
export async function openBridge(options: {
  listen: { path: string } | { port: number };
  start: () => PipedProcess | undefined;
  onFirst?: (bytes: Buffer) => void;
  onEnd: (carried: Carried) => void;
}): Promise<Bridge> {
  const { listen, start, onFirst = () => {}, onEnd } = options;
  const open = new Set<() => void>();
  // A client may end its half and still wait for the answer.
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    const child = start();
    if (child === undefined) {
      socket.destroy();
      return;
    }
    const end = (): void => {
      child.stop();
      socket.destroy();
    };
    open.add(end);
    carry({
      socket,
      child,
      onFirst,
      onEnd: (carried) => {
        open.delete(end);
        onEnd(carried);
      },
    });
  });
  server.listen('path' in listen ? listen : { ...listen, host: '127.0.0.1' });
  await once(server, 'listening');
  return {
    server,
    close: () => {
      server.close();
      for (const end of open) end();
    },
  };
}

function carry(options: {
  socket: Socket;
  child: PipedProcess;
  onFirst: (bytes: Buffer) => void;
  onEnd: (carried: Carried) => void;
}): void {
  const { socket, child, onFirst, onEnd } = options;
  child.stdout.once('data', onFirst);
  // A client that has gone takes no more.
  socket.on('error', () => {});
  socket.pipe(child.stdin);
  child.stdout.pipe(socket, { end: false });
  socket.once('close', () => child.stop());
  void child.ended.then(({ status }) => {
    onEnd({ status, stderr: child.said() });
    if (status === 0) socket.end();
    else socket.destroy();
  });
}

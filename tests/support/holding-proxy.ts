import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** A proxy on loopback that can hold what clients say, so that a server gets it late. */
export type HoldingProxy = {
  port: number;
  /** From now on nothing that clients say reaches the server. */
  hold: () => void;
  /** Lets through what was held, and all that follows. */
  release: () => void;
  close: () => Promise<void>;
};

/** @param options.port of the server, on loopback */
export async function startHoldingProxy(options: { port: number }): Promise<HoldingProxy> {
  const clients = new Set<Socket>();
  let isHeld = false;
  const server = createServer((client) => {
    clients.add(client);
    const onward = connect(options.port, '127.0.0.1');
    const end = (): void => {
      client.destroy();
      onward.destroy();
      clients.delete(client);
    };
    for (const socket of [client, onward]) socket.on('error', end).on('close', end);
    client.on('data', (bytes) => onward.write(bytes));
    if (isHeld) client.pause();
    onward.pipe(client);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const each = (act: (client: Socket) => void): void => {
    for (const client of clients) act(client);
  };
  return {
    port: (server.address() as AddressInfo).port,
    hold: () => {
      isHeld = true;
      each((client) => client.pause());
    },
    release: () => {
      isHeld = false;
      each((client) => client.resume());
    },
    close: async () => {
      const closed = once(server, 'close');
      server.close();
      each((client) => client.destroy());
      await closed;
    },
  };
}

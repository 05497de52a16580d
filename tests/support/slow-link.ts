import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** A way through loopback to a port there, on which a test decides how much goes up in a second. */
export type SlowLink = {
  port: number;
  /** @param bytesPerSecond undefined: as much as comes */
  limit: (bytesPerSecond: number | undefined) => void;
  close: () => Promise<void>;
};

const sliceBytes = 4_096;

export async function openSlowLink(options: { to: number }): Promise<SlowLink> {
  let rate: number | undefined;
  const sockets = new Set<Socket>();
  const carry = async (from: Socket, to: Socket): Promise<void> => {
    for await (const chunk of from as AsyncIterable<Buffer>) {
      for (let start = 0; start < chunk.length; start += sliceBytes) {
        const slice = chunk.subarray(start, start + sliceBytes);
        if (rate !== undefined) await sleep((slice.length / rate) * 1_000);
        if (!to.write(slice)) await Promise.race([once(to, 'drain'), once(to, 'close')]);
      }
    }
    to.end();
  };
  const server = createServer((client) => {
    const upstream = connect(options.to, '127.0.0.1');
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on('error', () => {});
      socket.on('close', () => sockets.delete(socket));
    }
    // Either end may go at any time.
    carry(client, upstream).catch(() => upstream.destroy());
    upstream.pipe(client);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    limit: (bytesPerSecond) => {
      rate = bytesPerSecond;
    },
    close: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

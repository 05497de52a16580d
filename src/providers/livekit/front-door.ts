import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { pipeline } from 'node:stream';
import { explain } from '../../core/probes/ask.ts';
import type { PortName, Reached } from '../../core/socket-address.ts';
import { judge, shakeHands } from '../../core/tls-handshake.ts';

/** A way through TLS, for a client that itself can speak only plain TCP. */
export type Tunnel = { ok: true; address: Reached } | { ok: false; because: string };

/**
 * Opens a port on loopback whose connections go through TLS to a port of a container. LiveKit's native client believes
 * neither an authority of arc's nor an address that the DNS does not have, so TLS is spoken here.
 *
 * @param options.name that the other side has to prove
 * @param options.believed authorities that are believed beside those of this machine, as PEM
 * @returns the port, which is closed when it is disposed of, or what is in the way
 */
export async function openTunnel(options: {
  door: PortName;
  way: (to: PortName) => Promise<Reached>;
  name: string;
  believed: readonly string[];
  signal: AbortSignal;
}): Promise<Tunnel> {
  const { door, name, believed, signal } = options;
  const there = await options.way(door);
  const shake = () => shakeHands({ address: there, name, believed, signal });
  const because = await shake().then(
    (greeted) => {
      const judgement = judge(greeted, new Date());
      greeted.socket.destroy();
      return judgement.ok ? undefined : judgement.because;
    },
    (cause: unknown) => explain(cause),
  );
  if (because !== undefined) {
    await there[Symbol.asyncDispose]();
    return { ok: false, because };
  }
  const server = createServer({ allowHalfOpen: true }, (inner) => {
    shake().then(
      // The side that ends or fails ends the other: who speaks notices.
      ({ socket: outer }) => {
        pipeline(inner, outer, () => {});
        pipeline(outer, inner, () => {});
      },
      () => inner.destroy(),
    );
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    ok: true,
    address: {
      host: '127.0.0.1',
      port,
      [Symbol.asyncDispose]: async () => {
        server.close();
        await there[Symbol.asyncDispose]();
      },
    },
  };
}

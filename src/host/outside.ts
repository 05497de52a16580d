import { Resolver } from 'node:dns/promises';
import { networkInterfaces } from 'node:os';
import { ArcError } from '../core/errors.ts';
import { tcpProbe } from '../core/probes/tcp.ts';
import { publicAddress, stunServers } from './stun.ts';

/** What this machine can find out of how others see it; a test gives another one. */
export type Outside = {
  /** Of its interfaces, without loopback. */
  addresses: () => readonly string[];
  /** What the DNS says of a name, and nothing else: others have no hosts file of this machine. */
  resolve: (name: string) => Promise<Resolved>;
  /** Whether something takes a connection over TCP; in words where it does not. */
  connect: (at: { host: string; port: number }) => Promise<'taken' | string>;
  /** The address that servers elsewhere see; nothing where none answers. */
  seen: () => Promise<string | undefined>;
};

/** `silent`: no server of names answers. */
export type Resolved = readonly string[] | 'silent';

const limitMilliseconds = 3_000;

export function outsideOf(options: { signal: AbortSignal }): Outside {
  return {
    addresses: () =>
      Object.values(networkInterfaces()).flatMap(
        (all) => all?.flatMap(({ address, internal }) => (internal ? [] : [address])) ?? [],
      ),
    resolve,
    connect: async (address) => {
      const fields = {};
      const { signal } = options;
      const asked = { address, fields, timeoutMilliseconds: limitMilliseconds, signal };
      const { ok, reply } = await tcpProbe.ask(asked);
      return ok ? 'taken' : reply;
    },
    seen: async () => {
      try {
        return (await publicAddress({ servers: stunServers, deadlineMilliseconds: limitMilliseconds }))
          .address;
      } catch (cause) {
        if (cause instanceof ArcError) return undefined;
        throw cause;
      }
    },
  };
}

async function resolve(name: string): Promise<Resolved> {
  const resolver = new Resolver({ timeout: limitMilliseconds, tries: 1 });
  const found = await Promise.all(
    [resolver.resolve4(name), resolver.resolve6(name)].map((asked) =>
      asked.catch((cause: NodeJS.ErrnoException) =>
        // There is no such name, or none of this kind.
        cause.code === 'ENOTFOUND' || cause.code === 'ENODATA' ? [] : ('silent' as const),
      ),
    ),
  );
  const addresses = found.flatMap((one) => (one === 'silent' ? [] : one));
  return addresses.length === 0 && found.includes('silent') ? 'silent' : addresses;
}

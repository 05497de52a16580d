import { ArcError } from '../core/errors.ts';
import type { Insiders } from '../core/execute.ts';
import { makePlan } from '../core/plan.ts';
import { type Address, kindOf, type Seen } from '../core/resource.ts';
import type { Reach, Reached } from '../core/socket-address.ts';
import type { InsideClient } from '../providers/inside-kind.ts';
import type { BootableStack } from '../stack/model.ts';
import {
  type InsideResource,
  type InsideStack,
  insideDeciders,
  insideKindOf,
  insideResources,
  kindsBeside,
} from './inside-kinds.ts';

/** How long a server that runs may take to say what is in it, before the plan goes on without. */
const lookMilliseconds = 5_000;

/** Resources inside the servers that answered. */
export type Look = { seen: ReadonlyMap<Address, Seen>; asked: ReadonlySet<Address> };

/** The servers of a stack, with the way to each: before a plan is carried out, or meanwhile. */
export type Inside = AsyncDisposable &
  Insiders & {
    /**
     * Reads the resources inside running servers. A server that does not answer yet, or still has other keys, does not
     * count as read: arc reads it again once it is ready.
     */
    look: (servers: Iterable<Address>) => Promise<Look>;
  };

/** How to get to what is of a kind in a server. */
type Way = Pick<InsideResource, 'kind' | 'inside' | 'access'>;

type Open = { client: InsideClient; server: unknown; way: Reached };

/**
 * @param options.reach the way to the ports of what runs
 * @param options.servers of what is to go: nothing declares it any more, so no manifest says what it is in
 */
export function openInside(options: {
  stack: Pick<BootableStack, 'project'> & InsideStack;
  reach: Reach;
  servers?: ReadonlyMap<Address, Address>;
  signal: AbortSignal;
}): Inside {
  const { stack, reach, signal, servers = new Map<Address, Address>() } = options;
  const { project } = stack;
  const resources = new Map(insideResources(stack).map((one) => [one.address, one]));
  const opened = new Map<string, Promise<Open>>();

  /** One client of each kind for each server. */
  const open = ({ kind, inside, access }: Way): Promise<Open> => {
    const name = `${kind} ${inside}`;
    const known = opened.get(name);
    if (known !== undefined) return known;
    const opening = openServer({ kind, access, reach, signal });
    opened.set(name, opening);
    return opening;
  };

  const observe = async (way: Way, wanted: readonly InsideResource[], alone = false) => {
    const { client, server } = await open(way);
    return client.driver(project).observe({ at: server, wanted, alone, signal });
  };

  /** All that is in a server, also of kinds of which nothing is declared any more. */
  const observeAll = async (wanted: readonly InsideResource[]) => {
    const seen = new Map<Address, Seen>();
    const ofKind = Map.groupBy(wanted, ({ kind }) => kind);
    const [first] = wanted;
    if (first === undefined) return seen;
    for (const kind of kindsBeside(first.kind)) {
      const found = await observe({ ...first, kind }, ofKind.get(kind) ?? []);
      for (const [address, one] of found) seen.set(address, one);
    }
    return seen;
  };

  /** The way to something, declared or not: beside it in the same server is something that is. */
  const wayTo = (address: Address): Way => {
    const resource =
      resources.get(address) ?? [...resources.values()].find(({ inside }) => inside === servers.get(address));
    if (resource === undefined) throw new Error(`nothing provisions ${address}`);
    return { ...resource, kind: kindOf(address) };
  };

  return {
    look: async (servers) => {
      const looks = await Promise.all(
        [...servers].map(async (at) => {
          const wanted = [...resources.values()].filter(({ inside }) => inside === at);
          if (wanted.length === 0) return [];
          const found = await unlessSilent(observeAll(wanted), signal);
          return found === undefined ? [] : [{ at, found: inServer(found, at) }];
        }),
      );
      const asked = looks.flat();
      return {
        seen: new Map(asked.flatMap(({ found }) => [...found])),
        asked: new Set(asked.map(({ at }) => at)),
      };
    },
    has: ({ of }) => resources.has(of) || servers.has(of),
    apply: async (step, io) => {
      const { client, server } = await open(wayTo(step.of));
      return client.driver(project).apply({ step, at: server, io });
    },
    stepsOf: async (address) => {
      const resource = resources.get(address);
      if (resource === undefined) throw new Error(`nothing provisions ${address}`);
      const seen = await observe(resource, [resource], true);
      // The server is ready, so there is nothing to wait for.
      const { inside: _ready, ...wanted } = resource;
      return makePlan({ project, wanted: [wanted], seen, drivers: new Map(insideDeciders(project)) }).steps;
    },
    [Symbol.asyncDispose]: async () => {
      const ways = await Promise.allSettled(opened.values());
      await Promise.all(
        ways.map((one) => (one.status === 'fulfilled' ? one.value.way[Symbol.asyncDispose]() : undefined)),
      );
    },
  };
}

/** A resource that was seen inside a server depends on that server, which is its first need. */
function inServer(found: ReadonlyMap<Address, Seen>, at: Address): ReadonlyMap<Address, Seen> {
  return new Map(
    [...found].map(([address, { state, needs }]) => [
      address,
      { state, needs: [{ on: at, for: 'make' }, ...needs] },
    ]),
  );
}

async function openServer(
  options: Pick<Way, 'kind' | 'access'> & { reach: Reach; signal: AbortSignal },
): Promise<Open> {
  const { kind, access, reach, signal } = options;
  const { at, fields } = access;
  const known = insideKindOf(kind);
  if (known === undefined) throw new Error(`there is no provider for ${kind}`);
  const [client, way] = await Promise.all([known.load(), reach(at, signal)]);
  return { client, way, server: client.open({ role: at.role, fields, address: way }) };
}

async function unlessSilent<Answer>(
  asked: Promise<Answer>,
  signal: AbortSignal,
): Promise<Answer | undefined> {
  const limit = AbortSignal.any([signal, AbortSignal.timeout(lookMilliseconds)]);
  const silence = new Promise<undefined>((resolve) => {
    limit.addEventListener('abort', () => resolve(undefined), { once: true });
  });
  try {
    return await Promise.race([asked, silence]);
  } catch (cause) {
    if (cause instanceof ArcError) return undefined;
    throw cause;
  }
}

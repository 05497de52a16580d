import type { Reached } from '../core/address.ts';
import type { Applied, StepIo } from '../core/driver.ts';
import { ArcError } from '../core/errors.ts';
import { makePlan } from '../core/plan.ts';
import { type Address, kindOf, type Resource, type Seen } from '../core/resource.ts';
import type { Step } from '../core/step.ts';
import { addressOfContainer } from '../platform/docker/compile.ts';
import type { Platform } from '../platform/platform.ts';
import type { InsideAccess, InsideClient, InsideKind } from '../providers/inside-kind.ts';
import type { ResolvedContainer, ResolvedStack } from '../stack/model.ts';
import { insideDeciders, insideKinds, insideResources } from './inside-kinds.ts';

const byKind = new Map(insideKinds.map((one) => [one.kind, one]));

/** How long a server that runs may take to say what is in it, before the plan goes on without. */
const lookMilliseconds = 5_000;

/** What was seen inside the servers that answered. */
export type Look = { seen: ReadonlyMap<Address, Seen>; asked: ReadonlySet<Address> };

/** The servers of a stack, by the way that there is to them now: before a plan is carried out, or while it is. */
export type Inside = AsyncDisposable & {
  /**
   * Looks into servers that run. One that does not answer yet, or that still has other keys, is not among those that
   * were asked: what is in it is found out once it is ready.
   */
  look: (servers: Iterable<Address>) => Promise<Look>;
  /** Whether a step is about something inside a server. */
  has: (step: Step) => boolean;
  apply: (step: Step, io: StepIo) => Promise<Applied>;
  /** What an unknown comes to now that its server is ready. */
  stepsOf: (resource: Resource) => Promise<readonly Step[]>;
};

type Open = { client: InsideClient; server: unknown; way: Reached };

/** @param options.reach the way to the ports of what runs */
export function openInside(options: {
  stack: Pick<ResolvedStack, 'project' | 'containers'>;
  reach: Platform['reach'];
  signal: AbortSignal;
}): Inside {
  const { stack, reach, signal } = options;
  const { project } = stack;
  const resources = insideResources(stack);
  const owners = new Map(stack.containers.map((one) => [addressOfContainer(one), one]));
  const opened = new Map<string, Promise<Open>>();

  /** One client of each technology for each server. */
  const open = (kind: InsideKind, at: Address): Promise<Open> => {
    const name = `${kind.kind} ${at}`;
    const known = opened.get(name);
    if (known !== undefined) return known;
    const opening = openServer({ kind, server: owners.get(at), reach, signal });
    opened.set(name, opening);
    return opening;
  };

  const observe = async (at: Address, wanted: readonly Resource[]) => {
    const seen = new Map<Address, Seen>();
    for (const [name, ofKind] of Map.groupBy(wanted, ({ kind }) => kind)) {
      const kind = kindNamed(name);
      const { client, server } = await open(kind, at);
      const found = await client.driver(project).observe({ at: server, wanted: ofKind, signal });
      for (const [address, one] of found) seen.set(address, one);
    }
    return seen;
  };

  return {
    look: async (servers) => {
      const looks = await Promise.all(
        [...servers].map(async (at) => {
          const wanted = resources.filter(({ inside }) => inside === at);
          if (wanted.length === 0) return [];
          const found = await unlessSilent(observe(at, wanted), signal);
          return found === undefined ? [] : [{ at, found }];
        }),
      );
      const asked = looks.flat();
      return {
        seen: new Map(asked.flatMap(({ found }) => [...found])),
        asked: new Set(asked.map(({ at }) => at)),
      };
    },
    has: ({ of }) => byKind.has(kindOf(of)),
    apply: async (step, io) => {
      const at = resources.find(({ address }) => address === step.of)?.inside;
      if (at === undefined) throw new Error(`nothing provisions ${step.of}`);
      const { client, server } = await open(kindNamed(kindOf(step.of)), at);
      return client.driver(project).apply({ step, at: server, io });
    },
    stepsOf: async (resource) => {
      if (resource.inside === undefined) throw new Error(`${resource.address} is inside of nothing`);
      const seen = await observe(resource.inside, [resource]);
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

function kindNamed(name: string): InsideKind {
  const kind = byKind.get(name);
  if (kind === undefined) throw new Error(`there is no provider for ${name}`);
  return kind;
}

async function openServer(options: {
  kind: InsideKind;
  server: ResolvedContainer | undefined;
  reach: Platform['reach'];
  signal: AbortSignal;
}): Promise<Open> {
  const { kind, server, reach, signal } = options;
  const access: InsideAccess | undefined = server && kind.access(server);
  if (access === undefined) throw new Error(`nothing is inside of ${server?.role}`);
  const [client, way] = await Promise.all([kind.load(), reach(access.at, signal)]);
  return { client, way, server: client.open({ access, address: way }) };
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

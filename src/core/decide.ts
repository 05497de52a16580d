import type { Decider, Decision } from './driver.ts';
import { dependenciesFirst } from './order.ts';
import { type Address, kindOf, nameOf, needsOf, type Resource, type Seen } from './resource.ts';

/** One resource of a plan, wanted or to be removed. */
export type Subject = { address: Address; wanted: Resource | undefined; seen: Seen | undefined };

/**
 * Decides about each resource, dependencies first, so that each decision can use the decisions it depends on. Pure.
 *
 * @param options.unwanted addresses of the observed resources to remove
 * @param options.asked servers whose contents arc has observed
 */
export function decideAll(options: {
  wanted: readonly Resource[];
  seen: ReadonlyMap<Address, Seen>;
  unwanted?: Iterable<Address>;
  drivers: ReadonlyMap<string, Decider>;
  asked?: ReadonlySet<Address>;
}): { subjects: readonly Subject[]; decisions: ReadonlyMap<Address, Decision> } {
  const { seen, drivers, asked = new Set(), unwanted = [] } = options;
  const wanted = dependenciesFirst({
    items: options.wanted,
    key: ({ address }) => address,
    needs: (resource) => needsOf(resource).map(({ on }) => on),
  });
  const subjects: Subject[] = [
    ...wanted.map((resource) => ({
      address: resource.address,
      wanted: resource,
      seen: seen.get(resource.address),
    })),
    ...[...unwanted].map((address) => ({ address, wanted: undefined, seen: seen.get(address) })),
  ];
  const decisions = new Map<Address, Decision>();
  for (const subject of subjects) {
    const { address } = subject;
    const driver = drivers.get(kindOf(address));
    if (driver === undefined) throw new Error(`there is no driver for ${address}`);
    const decide = (there: Seen | undefined): Decision =>
      driver.decide({ ...subject, seen: there, decided: (other) => decisions.get(other) });
    decisions.set(address, kept(subject, decideInside({ subject, decisions, asked, decide })));
  }
  return { subjects, decisions };
}

/** The contents of a server that does not answer yet are unknown, unless that server starts empty. */
function decideInside(options: {
  subject: Subject;
  decisions: ReadonlyMap<Address, Decision>;
  asked: ReadonlySet<Address>;
  decide: (seen: Seen | undefined) => Decision;
}): Decision {
  const { subject, decisions, asked, decide } = options;
  const server = subject.wanted?.inside;
  if (server === undefined) return decide(subject.seen);
  const decision = decisions.get(server);
  const isEmpty = decision !== undefined && 'empty' in decision && decision.empty === true;
  if (isEmpty) return decide(undefined);
  return asked.has(server) ? decide(subject.seen) : { kind: 'unknown', until: server };
}

/** Refuses a change, replacement or deletion that the manifest forbids. */
function kept({ address, wanted }: Subject, decision: Decision): Decision {
  const { kind } = decision;
  const isKept =
    (kind === 'change' || kind === 'replace' || kind === 'delete') && wanted?.keep?.includes(kind) === true;
  if (!isKept) return decision;
  return {
    kind: 'refuse',
    problem: {
      code: 'kept',
      message: `The ${kindOf(address)} ${nameOf(address)} would be ${words[kind]} (${decision.cause}), and its manifest says \`keep: ${kind}\`.`,
      suggestion: `undo the change, or remove ${kind} from \`keep\` where it is declared`,
    },
  };
}

const words = { change: 'changed', replace: 'replaced', delete: 'deleted' };

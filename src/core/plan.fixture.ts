import type { Driver } from './driver.ts';
import type { Address, Need, Resource, Seen } from './resource.ts';
import { kindOf, nameOf } from './resource.ts';
import type { StepDraft, Verb } from './step.ts';

/** A kind of a test: what is wanted and what is there are one text each. */
export type ToyDriver = Driver<string, string, undefined, string>;

/** Something that is wanted; `server/web` with the text `2`, made after what it needs. */
export function toy(address: Address, spec: string, more: Partial<Resource<string>> = {}): Resource<string> {
  return { address, kind: kindOf(address), spec, needs: [], ...more };
}

/** What is there, by address: its text, and what it needs. */
export function toysSeen(
  entries: Readonly<Record<Address, string | { state: string; needs: readonly Need[] }>>,
): ReadonlyMap<Address, Seen<string>> {
  return new Map(
    Object.entries(entries).map(([address, value]) => [
      address as Address,
      typeof value === 'string' ? { state: value, needs: [] } : value,
    ]),
  );
}

/**
 * Kinds for the planner's tests: an `image` is prepared, a `net` is made, a `server` is stopped, removed, created,
 * started and awaited, and an `item` lives inside a server.
 */
export function toyDrivers(): ReadonlyMap<string, ToyDriver> {
  const life: Readonly<Record<string, readonly [Verb, StepDraft['stage']][]>> = {
    image: [['create', 'prepare']],
    net: [['create', 'make']],
    server: [
      ['create', 'make'],
      ['start', 'start'],
      ['await', 'ready'],
    ],
    item: [['create', 'make']],
  };
  const driver = (kind: string): ToyDriver => ({
    kind,
    decide: ({ address, wanted, seen }) => {
      const name = nameOf(address);
      if (wanted === undefined) return { kind: 'delete', cause: 'not wanted', event: `${name} is removed` };
      if (seen === undefined)
        return {
          kind: 'create',
          cause: 'not there',
          event: `${name} is created`,
          empty: !wanted.spec.includes('data'),
        };
      if (seen.state === wanted.spec) return { kind: 'keep' };
      if (wanted.spec === 'impossible')
        return { kind: 'refuse', problem: { code: 'impossible', message: `${name} cannot be that.` } };
      return { kind: 'replace', cause: `${seen.state} to ${wanted.spec}`, event: `${name} is replaced` };
    },
    steps: ({ wanted, seen, decision }) => {
      if (decision.kind === 'unknown' || decision.kind === 'refuse') return [];
      const cause = decision.kind === 'keep' ? 'kept' : decision.cause;
      const draft = (verb: Verb, stage: StepDraft['stage']): StepDraft<string> => ({
        verb,
        stage,
        cause,
        work: wanted?.spec ?? '',
      });
      const made = (life[kind] ?? []).map(([verb, stage]) => draft(verb, stage));
      if (decision.kind === 'keep') return made.filter(({ stage }) => stage === 'ready');
      const inside = kind === 'item';
      const gone = [
        ...(seen !== undefined && kind === 'server' ? [draft('stop', 'stop')] : []),
        ...(seen === undefined || kind === 'image' ? [] : [draft('remove', inside ? 'make' : 'remove')]),
      ];
      return decision.kind === 'delete' ? gone : [...gone, ...made];
    },
    apply: async () => 'done',
  });
  return new Map(['image', 'net', 'server', 'item'].map((kind) => [kind, driver(kind)]));
}

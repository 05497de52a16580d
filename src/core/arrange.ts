import { dependentsFirst } from './order.ts';
import type { Address, Need, Seen } from './resource.ts';
import type { Stage, Step, StepDraft } from './step.ts';

/** A resource of a plan and its steps; in dependency order. */
export type Planned = { address: Address; needs: readonly Need[]; drafts: readonly StepDraft[] };

/**
 * Orders the steps of all resources, and adds what each step waits for. Stops and removals follow the observed needs
 * backwards; all other steps follow the wanted needs forwards. Pure.
 */
export function arrange(options: {
  planned: readonly Planned[];
  seen: ReadonlyMap<Address, Seen>;
}): readonly Step[] {
  const drafted = options.planned.map((one) => ({
    ...one,
    steps: one.drafts.map((draft) => stepOf(one, draft)),
  }));
  const byAddress = new Map(drafted.map((one) => [one.address, one]));
  const prepared = drafted.flatMap(({ steps }) => idsOf(steps, ['prepare']));
  const dependents = dependentsOf(options.seen);
  const steps: Step[] = [];
  const removals = new Map<Address, string>();

  const add = (one: Drafted, step: Draft, after: Iterable<string>): void => {
    const before = one.steps[one.steps.indexOf(step) - 1];
    const own = before === undefined ? [] : [before.id];
    const gate = own.length === 0 && step.stage !== 'prepare' ? prepared : [];
    const waits = new Set([...own, ...gate, ...after]);
    waits.delete(step.id);
    steps.push({ ...step, after: [...waits] });
  };

  /** The last step that makes a resource ready; if it has none, the last steps of its needs. */
  const done = memoized(
    (address: Address, again: (other: Address) => readonly string[]): readonly string[] => {
      const one = byAddress.get(address);
      if (one === undefined) return [];
      const last = one.steps.findLast(({ stage }) => stage !== 'stop' && stage !== 'remove');
      return last === undefined ? one.needs.flatMap(({ on }) => again(on)) : [last.id];
    },
  );

  /** The stops that a stop waits for, also through resources that no longer run. */
  const stopsBefore = memoized((address: Address, again: (other: Address) => readonly string[]) =>
    (dependents.get(address) ?? [])
      .filter((need) => need.for !== 'make')
      .flatMap(({ by }) => {
        const stops = idsOf(byAddress.get(by)?.steps ?? [], ['stop']);
        return stops.length > 0 ? stops : again(by);
      }),
  );

  for (const one of drafted) for (const step of ofStage(one, 'prepare')) add(one, step, []);
  const backwards = dependentsFirst({
    keys: drafted.map(({ address }) => address),
    needs: (key) => (options.seen.get(key as Address)?.needs ?? []).map(({ on }) => on),
  }).flatMap((address) => byAddress.get(address as Address) ?? []);
  for (const one of backwards)
    for (const step of ofStage(one, 'stop')) add(one, step, stopsBefore(one.address));
  for (const one of backwards) {
    for (const step of ofStage(one, 'remove')) {
      const users = (dependents.get(one.address) ?? []).filter((need) => need.for === 'make');
      add(
        one,
        step,
        users.flatMap(({ by }) => idsOf(byAddress.get(by)?.steps ?? [], ['remove'])),
      );
      removals.set(step.on, step.id);
    }
  }
  const forwards = (one: Drafted, stages: readonly Stage[]): void => {
    for (const step of one.steps.filter(({ stage }) => stages.includes(stage))) {
      const freed = step.stage === 'make' ? removals.get(step.on) : undefined;
      const needs = one.needs.filter((need) => concerns(one, step, need)).flatMap(({ on }) => done(on));
      add(one, step, [...(freed === undefined ? [] : [freed]), ...needs]);
    }
  };
  // A resource inside a server comes after that server in the list, too.
  const late = new Set<Address>();
  for (const { address, needs } of drafted) {
    const waits = ({ on }: Need): boolean =>
      late.has(on) || byAddress.get(on)?.steps.some(({ stage }) => stage === 'ready') === true;
    if (needs.some((need) => need.for === 'make' && waits(need))) late.add(address);
  }
  for (const one of drafted) if (!late.has(one.address)) forwards(one, ['make']);
  for (const one of drafted) forwards(one, late.has(one.address) ? forwardStages : forwardStages.slice(1));
  return steps;
}

type Draft = Omit<Step, 'after'>;
type Drafted = { address: Address; needs: readonly Need[]; steps: readonly Draft[] };

function stepOf({ address }: Planned, draft: StepDraft): Draft {
  const on = draft.on ?? address;
  return { ...draft, on, of: address, id: `${draft.verb} ${on}` };
}

/** A step waits for the needs of its own moment, and for needs of earlier moments that have no step. */
function concerns({ steps }: Drafted, step: Draft, need: Need): boolean {
  const own = steps.find(({ stage }) => forwardStages.indexOf(stage) >= forwardStages.indexOf(need.for));
  return own === step;
}

const forwardStages: readonly Stage[] = ['make', 'start', 'ready', 'reload'];

function ofStage({ steps }: Drafted, wanted: Stage): readonly Draft[] {
  return steps.filter(({ stage }) => stage === wanted);
}

function idsOf(steps: readonly Draft[], stages: readonly Stage[]): readonly string[] {
  return steps.filter(({ stage }) => stages.includes(stage)).map(({ id }) => id);
}

/** The dependents of each address, each with the moment of its need. */
function dependentsOf(
  seen: ReadonlyMap<Address, Seen>,
): ReadonlyMap<Address, readonly { by: Address; for: Need['for'] }[]> {
  const dependents = new Map<Address, { by: Address; for: Need['for'] }[]>();
  for (const [by, { needs }] of seen) {
    for (const need of needs) {
      const known = dependents.get(need.on);
      const dependent = { by, for: need.for };
      if (known) known.push(dependent);
      else dependents.set(need.on, [dependent]);
    }
  }
  return dependents;
}

/** Computes each value once; a cycle contributes an empty value where it closes. */
function memoized(
  compute: (address: Address, again: (other: Address) => readonly string[]) => readonly string[],
): (address: Address) => readonly string[] {
  const known = new Map<Address, readonly string[]>();
  const get = (address: Address): readonly string[] => {
    const found = known.get(address);
    if (found !== undefined) return found;
    known.set(address, []);
    const value = [...new Set(compute(address, get))];
    known.set(address, value);
    return value;
  };
  return get;
}

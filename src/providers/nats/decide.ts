import type { Case, Change, Decision } from '../../core/driver.ts';
import type { Problem } from '../../core/errors.ts';
import { nameOf } from '../../core/resource.ts';
import type { Loss } from '../../core/step.ts';
import { taken } from '../taken.ts';
import { type FieldTable, type FieldValues, fieldText, isSame } from './fields.ts';
import type { NatsMark } from './mark.ts';

/** What is wanted of a stream or a consumer. Fields that are absent stay as they are. */
export type Wanted = { name: string; fields: FieldValues };

/** One that exists. */
export type Found = {
  fields: FieldValues;
  mark?: NatsMark;
  /** What goes with it, in words; empty if nothing does. */
  holds: string;
};

/** What is to be set. Absent in a decision to remove it. */
export type Work = { fields: readonly string[]; origin: NatsMark['origin'] };

/** What only one kind knows. Pure. */
export type Rules<Spec extends Wanted, State extends Found> = {
  kind: 'stream' | 'consumer';
  table: FieldTable;
  /** Why the server would refuse it, new or changed. `changed`: names of fields that differ. */
  refusal: (given: {
    spec: Spec;
    state: State | undefined;
    changed: readonly string[];
  }) => Problem | undefined;
  /** What a change takes away from what is there. */
  loses?: (given: { spec: Spec; state: State; changed: readonly string[] }) => readonly Loss[];
};

/** Decides what a stream or consumer of the project needs. Pure. */
export function decideKept<Spec extends Wanted, State extends Found>(options: {
  project: string;
  rules: Rules<Spec, State>;
}): (given: Case<Spec, State>) => Decision<Work> {
  const { project, rules } = options;
  const { kind, table } = rules;
  return ({ address, wanted, seen }) => {
    const name = nameOf(address);
    const state = seen?.state;
    if (wanted === undefined) return decideUnwanted({ name, project, state });
    const { spec } = wanted;
    const mark = state?.mark;
    if (mark !== undefined && mark.project !== project)
      return taken({ code: 'messaging-taken', what: `${kind} ${name}`, owner: mark.project });
    const changes = state === undefined ? [] : changesOf({ table, spec, state });
    const changed = changes.map(({ path }) => path);
    const problem = rules.refusal({ spec, state, changed });
    if (problem !== undefined) return { kind: 'refuse', problem };
    if (state === undefined) {
      const data: Work = { fields: Object.keys(spec.fields), origin: 'made' };
      return { kind: 'create', cause: `no existing ${kind}`, event: `${name} is created`, data };
    }
    const change = (cause: string): Decision<Work> => ({
      kind: 'change',
      cause,
      event: `${name} is changed`,
      data: { fields: changed, origin: mark?.origin ?? 'found' },
    });
    if (changes.length > 0) {
      const loses = rules.loses?.({ spec, state, changed }) ?? [];
      return {
        ...change(changes.map(changeText).join('; ')),
        changes,
        ...(loses.length === 0 ? {} : { loses }),
      } as Decision<Work>;
    }
    if (mark === undefined) return change('it exists and matches the manifest: arc manages it from now on');
    return isMarked({ table, spec, mark })
      ? { kind: 'keep' }
      : change('its manifest declares other fields than before');
  };
}

/** Fields that differ, and who changed each: the manifest, or somebody on the server. */
function changesOf(options: { table: FieldTable; spec: Wanted; state: Found }): readonly Change[] {
  const { table, spec, state } = options;
  return Object.entries(table).flatMap(([path, rule]): readonly Change[] => {
    const wanted = spec.fields[path];
    if (wanted === undefined || isSame(wanted, state.fields[path])) return [];
    const [before, after] = [fieldText(rule, state.fields[path]), fieldText(rule, wanted)];
    return [{ path, before, after, ...(state.mark?.applied[path] === after ? { byHand: true } : {}) }];
  });
}

function changeText({ path, before, after, byHand }: Change): string {
  return `${path}: ${before} → ${after}${byHand ? ', changed by hand' : ''}`;
}

function isMarked(options: { table: FieldTable; spec: Wanted; mark: NatsMark }): boolean {
  const { table, spec, mark } = options;
  return Object.entries(table).every(([name, rule]) => {
    const wanted = spec.fields[name];
    return mark.applied[name] === (wanted === undefined ? undefined : fieldText(rule, wanted));
  });
}

/** What arc did not make stays, whoever declares it. */
function decideUnwanted(options: {
  name: string;
  project: string;
  state: Found | undefined;
}): Decision<Work> {
  const { name, project, state } = options;
  if (state?.mark?.origin !== 'made' || state.mark.project !== project) return { kind: 'keep' };
  return {
    kind: 'delete',
    cause: 'no manifest declares it any more',
    event: `${name} is removed`,
    loses: state.holds === '' ? [] : [{ kind: 'data', text: state.holds }],
  };
}

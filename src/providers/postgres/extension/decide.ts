import type { Case, Change, Decider, Decision } from '../../../core/driver.ts';
import { type OneStep, oneStepDecider } from '../../one-step.ts';
import type { ExtensionSpec, ExtensionState } from './model.ts';

/** What is to be set on an extension that exists. `database` and `extension`: of one that is removed. */
export type ExtensionWork = {
  fields: readonly ExtensionField[];
  state: ExtensionState | undefined;
};

type ExtensionField = 'schema' | 'version';

export type ExtensionStep = OneStep<ExtensionSpec, ExtensionWork>;

/** What has to happen to an extension of a database. Pure. */
export function decideExtension(
  project: string,
): (given: Case<ExtensionSpec, ExtensionState>) => Decision<ExtensionWork> {
  return ({ wanted, seen }) => {
    const state = seen?.state;
    if (wanted === undefined) return decideUnwanted({ project, state });
    const { spec } = wanted;
    const name = spec.extension;
    const data = { fields: [], state };
    if (state === undefined)
      return { kind: 'create', cause: 'no existing extension', event: `${name} is created`, data };
    const event = `${name} is changed`;
    const changes = fields.flatMap((field) => changeOf({ field, spec, state }));
    if (changes.length > 0) {
      const cause = changes
        .map(
          ({ path, before, after, byHand }) =>
            `${path}: ${before} → ${after}${byHand ? ', changed by hand' : ''}`,
        )
        .join('; ');
      return {
        kind: 'change',
        cause,
        event,
        changes,
        data: { ...data, fields: changes.map(({ path }) => path) },
      };
    }
    if (state.mark === undefined || state.mark.project !== project) {
      const cause = 'it exists already, and is what the manifest says: arc keeps it from now on';
      return { kind: 'change', cause, event, data };
    }
    const isMarked = fields.every((field) => state.mark?.applied[field] === spec[field]);
    const cause = 'its manifest declares other fields than before';
    return isMarked ? { kind: 'keep' } : { kind: 'change', cause, event, data };
  };
}

/** The pure half of what arc knows of extensions. */
export function extensionDecider(
  project: string,
): Decider<ExtensionSpec, ExtensionState, ExtensionWork, ExtensionStep> {
  return oneStepDecider({ kind: 'extension', decide: decideExtension(project) });
}

const fields: readonly ExtensionField[] = ['schema', 'version'];

function changeOf(options: {
  field: ExtensionField;
  spec: ExtensionSpec;
  state: ExtensionState;
}): readonly (Change & { path: ExtensionField })[] {
  const { field, spec, state } = options;
  const after = spec[field];
  const before = state[field];
  if (after === undefined || after === before) return [];
  const isByHand = state.mark?.applied[field] === after;
  return [{ path: field, before, after, ...(isByHand && { byHand: true }) }];
}

/** One that arc created goes with consent only: its types, and every column of them, go with it. */
function decideUnwanted(options: {
  project: string;
  state: ExtensionState | undefined;
}): Decision<ExtensionWork> {
  const { project, state } = options;
  const { mark, columns = 0 } = state ?? {};
  if (mark === undefined || mark.origin !== 'made' || mark.project !== project) return { kind: 'keep' };
  const used = columns === 1 ? ', 1 column of its types' : `, ${columns} columns of its types`;
  return {
    kind: 'delete',
    cause: 'no manifest declares it any more',
    event: `${mark.name} is removed`,
    loses: [{ kind: 'data', text: `types and functions${columns === 0 ? '' : used}` }],
    data: { fields: [], state },
  };
}

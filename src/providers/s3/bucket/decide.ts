import type { Case, Change, Decision } from '../../../core/driver.ts';
import { nameOf } from '../../../core/resource.ts';
import type { Loss } from '../../../core/step.ts';
import { taken } from '../../taken.ts';
import { isEmpty, type Stored } from '../stored.ts';
import { storedText } from '../stored-text.ts';
import { fieldHash, fieldNames, fieldText, isAsWanted } from './fields.ts';
import { type BucketField, type BucketSpec, type BucketState, bucketFields } from './model.ts';

/** Fields that have to be set on the server; what was taken out of the manifest is only no longer owned. */
export type BucketWork = { fields: readonly BucketField[] };

/** Decides what a bucket of the project needs. Pure. */
export function decideBucket(
  project: string,
): (given: Case<BucketSpec, BucketState>) => Decision<BucketWork> {
  return ({ address, wanted, seen }) => {
    const name = nameOf(address);
    if (wanted === undefined) return decideUnwanted({ name, project, state: seen?.state });
    const { spec } = wanted;
    const declared = bucketFields.filter((field) => spec[field] !== undefined);
    if (seen === undefined) {
      const data = { fields: declared };
      return { kind: 'create', cause: 'no existing bucket', event: `${name} is created`, data };
    }
    const { state } = seen;
    const { mark } = state;
    if (mark !== undefined && mark.project !== project)
      return taken({ code: 'bucket-taken', what: `bucket ${name}`, owner: mark.project });
    const changes = declared.flatMap((field) => changeOf({ field, spec, state }));
    if (changes.length > 0) {
      const data = { fields: changes.map(({ field }) => field) };
      return {
        kind: 'change',
        cause: changes.map(({ text }) => text).join('; '),
        event: `${name} is changed`,
        changes: changes.map(({ change }) => change),
        data,
      };
    }
    if (mark === undefined)
      return change({
        name,
        cause: 'it exists and matches the manifest: arc manages it from now on',
      });
    return isMarked({ declared, spec, mark })
      ? { kind: 'keep' }
      : change({ name, cause: 'its manifest declares other fields than before' });
  };
}

function change(options: { name: string; cause: string }): Decision<BucketWork> {
  const { name, cause } = options;
  return { kind: 'change', cause, event: `${name} is changed`, data: { fields: [] } };
}

function isMarked(options: {
  declared: readonly BucketField[];
  spec: BucketSpec;
  mark: NonNullable<BucketState['mark']>;
}): boolean {
  const { declared, spec, mark } = options;
  return bucketFields.every((field) =>
    declared.includes(field)
      ? mark.applied[field] === fieldHash(spec[field])
      : mark.applied[field] === undefined,
  );
}

/** One field that differs, and who changed it: the manifest, or somebody on the server. */
function changeOf(options: { field: BucketField; spec: BucketSpec; state: BucketState }) {
  const { field, spec, state } = options;
  const wanted = spec[field];
  if (wanted === undefined || isAsWanted(field, wanted, state)) return [];
  const isByHand = state.mark?.applied[field] === fieldHash(wanted);
  const [path, before, after] = [fieldNames[field], fieldText(field, state[field]), fieldText(field, wanted)];
  const text = `${path}: ${before} → ${after}${isByHand ? ', changed by hand' : ''}`;
  const change: Change = { path, before, after, ...(isByHand ? { byHand: true } : {}) };
  return [{ field, text, change }];
}

function decideUnwanted(options: {
  name: string;
  project: string;
  state: BucketState | undefined;
}): Decision<BucketWork> {
  const { name, project, state } = options;
  if (state?.mark?.origin !== 'made' || state.mark.project !== project) return { kind: 'keep' };
  return {
    kind: 'delete',
    cause: 'no manifest declares it any more',
    event: `${name} is removed`,
    loses: lossOf(state.stored),
    data: { fields: [] },
  };
}

function lossOf(stored: Stored | undefined): readonly Loss[] {
  return stored === undefined || isEmpty(stored) ? [] : [{ kind: 'data', text: storedText(stored) }];
}

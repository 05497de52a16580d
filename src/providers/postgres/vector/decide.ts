import type { Case, Decider, Decision } from '../../../core/driver.ts';
import type { Problem } from '../../../core/errors.ts';
import { addressOf } from '../../../core/resource.ts';
import { type OneStep, oneStepDecider } from '../../one-step.ts';
import { isAboutToChange } from '../about-to-change.ts';
import { columnName, type VectorSpec, type VectorState } from './model.ts';

export type VectorStep = OneStep<VectorSpec, undefined>;

/** What has to happen to the size of a vector column. One that holds vectors is changed by a migration alone. Pure. */
export function decideVector({ wanted, seen, decided }: Case<VectorSpec, VectorState>): Decision<undefined> {
  if (wanted === undefined) return { kind: 'keep' };
  const { spec } = wanted;
  const { database, dimensions } = spec;
  const migrations = addressOf('migrations', database);
  if (isAboutToChange(migrations, decided))
    return {
      kind: 'unknown',
      until: migrations,
      cause: `known once the migrations of ${database} are applied`,
    };
  if (seen === undefined) return { kind: 'refuse', problem: noSuchColumn(spec) };
  const { stored, ...state } = seen.state;
  if (state.dimensions === dimensions) return { kind: 'keep' };
  const before = state.dimensions === undefined ? 'any' : String(state.dimensions);
  if (stored > 0) return { kind: 'refuse', problem: sizeDiffers({ spec, before, stored }) };
  return {
    kind: 'change',
    cause: `dimensions: ${before} → ${dimensions}, and no row has a vector`,
    event: `${columnName(spec)} is changed`,
    changes: [{ path: 'dimensions', before, after: String(dimensions) }],
  };
}

/** The pure half of what arc knows of vector columns. */
export function vectorDecider(): Decider<VectorSpec, VectorState, undefined, VectorStep> {
  return oneStepDecider({ kind: 'column', decide: decideVector });
}

function noSuchColumn(spec: VectorSpec): Problem {
  return {
    code: 'no-such-object',
    message: `The database ${spec.database} has no vector column ${columnName(spec)}.`,
    suggestion: 'create it in a migration, or correct the name where its size is declared',
  };
}

function sizeDiffers(options: { spec: VectorSpec; before: string; stored: number }): Problem {
  const { spec, before, stored } = options;
  const { database, dimensions } = spec;
  const rows = stored === 1 ? '1 row has' : `${stored.toLocaleString('en')} rows have`;
  return {
    code: 'vector-size-differs',
    message: `${columnName(spec)} of the database ${database} holds vectors of ${before} numbers, and ${dimensions} are declared; ${rows} one.`,
    suggestion: `put ${before} back, or draft a migration that empties the column: \`arc sql new "embeddings of ${dimensions}" --dimensions ${dimensions}\``,
  };
}

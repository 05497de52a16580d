import type { Case, Decider, Decision } from '../../../core/driver.ts';
import { nameOf } from '../../../core/resource.ts';
import { type OneStep, oneStepDecider } from '../../one-step.ts';

/** A database, by its name. */
export type DatabaseSpec = { database: string };

/** It exists: nothing else of it is compared. */
export type DatabaseState = 'exists';

/** What has to happen to a database. One that nobody declares any more stays: arc drops none. Pure. */
export function decideDatabase({
  address,
  wanted,
  seen,
}: Case<DatabaseSpec, DatabaseState>): Decision<undefined> {
  if (wanted === undefined || seen !== undefined) return { kind: 'keep' };
  return { kind: 'create', cause: 'no existing database', event: `${nameOf(address)} is created` };
}

/** The pure half of what arc knows of databases. */
export function databaseDecider(): Decider<
  DatabaseSpec,
  DatabaseState,
  undefined,
  OneStep<DatabaseSpec, undefined>
> {
  return oneStepDecider({ kind: 'database', decide: decideDatabase });
}

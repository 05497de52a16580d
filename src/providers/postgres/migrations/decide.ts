import type { Case, Decider, Decision } from '../../../core/driver.ts';
import type { Problem } from '../../../core/errors.ts';
import { type OneStep, oneStepDecider } from '../../one-step.ts';
import { differenceOf } from './difference.ts';
import { lossesOfMigration } from './losses.ts';
import {
  type AppliedMigration,
  isOutsideTransaction,
  type MigrationFile,
  type MigrationsSpec,
  type MigrationsState,
  noTransaction,
} from './model.ts';
import { placeOfError, splitStatements } from './statements.ts';

/** Names of the migrations that have to be applied, in order. */
export type MigrationsWork = { pending: readonly string[] };

export type MigrationsStep = OneStep<MigrationsSpec, MigrationsWork>;

/** Decides what a database needs so that every migration is applied once. Pure. */
export function decideMigrations(given: Case<MigrationsSpec, MigrationsState>): Decision<MigrationsWork> {
  const { wanted, seen } = given;
  // Nobody declares them any more: what they did stays.
  if (wanted === undefined) return { kind: 'keep' };
  const { database, files } = wanted.spec;
  const applied = seen?.state.applied ?? [];
  const problem =
    firstOf(files, problemOf) ??
    firstOf(applied, (one) => editedProblem({ applied: one, files, database })) ??
    orderProblem({ applied, files, database });
  if (problem !== undefined) return { kind: 'refuse', problem };
  const pending = pendingOf({ applied, files });
  if (pending.length === 0) return { kind: 'keep' };
  return {
    kind: seen === undefined ? 'create' : 'change',
    cause: `applies ${pending.join(', ')}`,
    event: `${database} is migrated`,
    changes: pending.map((path) => ({ path, before: 'pending', after: 'applied' })),
    loses: files.filter(({ name }) => pending.includes(name)).flatMap(lossesOfMigration),
    data: { pending },
  };
}

/** The pure half of what arc knows of migrations; it loads no client. */
export function migrationsDecider(): Decider<
  MigrationsSpec,
  MigrationsState,
  MigrationsWork,
  MigrationsStep
> {
  return oneStepDecider({ kind: 'migrations', decide: decideMigrations });
}

/** The pending migrations. */
export function pendingOf(options: {
  applied: readonly AppliedMigration[];
  files: readonly MigrationFile[];
}): readonly string[] {
  const done = new Set(options.applied.map(({ name }) => name));
  return options.files.filter(({ name }) => !done.has(name)).map(({ name }) => name);
}

/** The problem of an applied migration whose file has changed. */
export function editedProblem(options: {
  applied: AppliedMigration;
  files: readonly MigrationFile[];
  database: string;
}): Problem | undefined {
  const { applied, files, database } = options;
  const file = files.find(({ name }) => name === applied.name);
  if (file === undefined || file.text === applied.text) return undefined;
  const { line, lines } = differenceOf({ applied: applied.text, now: file.text });
  return {
    code: 'migration-changed',
    message: `The migration ${file.name} was edited after it was applied to the database ${database}.`,
    detail: lines,
    suggestion: 'restore its text, and write the change as a new migration',
    location: { file: file.path, line, column: 1 },
  };
}

/** arc keeps the transaction, so that a failure leaves nothing half done. */
function problemOf(file: MigrationFile): Problem | undefined {
  const statements = splitStatements(file.text);
  if (statements.length === 0)
    return {
      code: 'bad-migration',
      message: `The migration ${file.name} has no statement.`,
      suggestion: 'write its SQL, or remove the file',
      location: { file: file.path, line: 1, column: 1 },
    };
  const refuse = (options: { at: number; message: string; suggestion: string }): Problem => {
    const statement = statements[options.at] ?? { text: '', offset: 0 };
    const place = placeOfError({ sql: file.text, statement, position: undefined });
    const { message, suggestion } = options;
    return { code: 'bad-migration', message, suggestion, location: { file: file.path, ...place } };
  };
  if (isOutsideTransaction(file) && statements.length > 1)
    return refuse({
      at: 1,
      message: `The migration ${file.name} runs without a transaction, and has more than one statement.`,
      suggestion: `give each statement a file of its own, or take \`${noTransaction}\` out`,
    });
  const at = statements.findIndex(({ text }) => endsTransaction.test(text));
  if (at < 0) return undefined;
  return refuse({
    at,
    message: `The migration ${file.name} begins or ends a transaction.`,
    suggestion: 'take the statement out: arc runs each migration in a transaction',
  });
}

const endsTransaction =
  /^(?:BEGIN|COMMIT|ROLLBACK(?!\s+TO\b)|ABORT|END|START\s+TRANSACTION|PREPARE\s+TRANSACTION)\b/i;

function orderProblem(options: {
  applied: readonly AppliedMigration[];
  files: readonly MigrationFile[];
  database: string;
}): Problem | undefined {
  const { applied, files, database } = options;
  const last = applied
    .map(({ name }) => name)
    .sort()
    .at(-1);
  const pending = new Set(pendingOf(options));
  const late = files.find(({ name }) => last !== undefined && name < last && pending.has(name));
  if (late === undefined) return undefined;
  return {
    code: 'migration-out-of-order',
    message: `The migration ${late.name} comes before ${last}, which is applied to the database ${database} already.`,
    suggestion: `give it a name that comes after ${last}`,
    location: { file: late.path, line: 1, column: 1 },
  };
}

function firstOf<Item>(
  items: readonly Item[],
  find: (item: Item) => Problem | undefined,
): Problem | undefined {
  for (const item of items) {
    const found = find(item);
    if (found !== undefined) return found;
  }
  return undefined;
}

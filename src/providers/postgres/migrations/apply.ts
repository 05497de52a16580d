import pg from 'pg';
import { failed } from '../../../core/errors.ts';
import { redact } from '../../../core/secret.ts';
import { advisoryLock } from '../advisory-lock.ts';
import type { DatabaseServer } from '../client.ts';
import { answerOf } from '../failure.ts';
import { editedProblem } from './decide.ts';
import { isOutsideTransaction, type MigrationFile, type MigrationsSpec } from './model.ts';
import { placeOfError, type Statement, splitStatements } from './statements.ts';
import { createTable, readApplied, writeApplied } from './table.ts';

type Applying = { client: pg.Client; spec: MigrationsSpec; server: DatabaseServer };

/**
 * Applies pending migrations one after the other. Each runs in one transaction with the row that records it, so a
 * failure leaves the database as the previous migration left it. Others that migrate wait.
 *
 * @throws ArcError `migration-failed` with the place in the SQL, `migration-changed` if somebody else has applied
 *   another text meanwhile
 */
export async function applyMigrations(applying: Applying): Promise<void> {
  const { client, spec } = applying;
  await client.query("SET lock_timeout = '60s'");
  // The lock belongs to the session: closing the connection releases it.
  await client.query('SELECT pg_advisory_lock($1, $2)', [...advisoryLock.migrations]);
  await client.query('RESET lock_timeout');
  await createTable(client);
  const applied = new Map((await readApplied(client)).map((one) => [one.name, one]));
  for (const file of spec.files) {
    const before = applied.get(file.name);
    if (before === undefined) {
      await applyOne({ ...applying, file });
      continue;
    }
    const problem = editedProblem({ applied: before, files: [file], database: spec.database });
    if (problem !== undefined) throw failed(problem);
  }
}

async function applyOne(options: Applying & { file: MigrationFile }): Promise<void> {
  const { client, file } = options;
  const statements = splitStatements(file.text);
  if (isOutsideTransaction(file)) {
    for (const statement of statements) await run({ ...options, statement });
    await writeApplied(client, file);
    return;
  }
  await client.query('BEGIN');
  try {
    for (const statement of statements) await run({ ...options, statement });
    await writeApplied(client, file);
    // Deferred constraints fail here, at the end of the transaction.
    await run({ ...options, statement: { text: 'COMMIT', offset: 0 } });
  } catch (cause) {
    await client.query('ROLLBACK').catch(() => undefined);
    throw cause;
  }
}

async function run(options: Applying & { file: MigrationFile; statement: Statement }): Promise<void> {
  const { client, spec, server, file, statement } = options;
  try {
    await client.query(statement.text);
  } catch (cause) {
    if (!(cause instanceof pg.DatabaseError)) throw cause;
    const position = cause.position === undefined ? undefined : Number(cause.position);
    throw failed({
      code: 'migration-failed',
      message: `The migration ${file.name} failed; the database ${spec.database} is as it was before it.`,
      detail: [answerOf(cause), ...[cause.detail, cause.hint].flatMap((line) => line ?? [])].map((line) =>
        redact(line, [server.password]),
      ),
      suggestion: 'correct the SQL, and run `arc up` again',
      location: { file: file.path, ...placeOfError({ sql: file.text, statement, position }) },
    });
  }
}

import type pg from 'pg';
import { advisoryLock } from './advisory-lock.ts';

/** Runs calls in one transaction that no other arc is in: two would make the same schema or mark at a time. */
export async function inTransaction<Result>(
  client: pg.Client,
  calls: () => Promise<Result>,
): Promise<Result> {
  await client.query('BEGIN');
  try {
    await client.query('SELECT pg_advisory_xact_lock($1, $2)', [...advisoryLock.provision]);
    const result = await calls();
    await client.query('COMMIT');
    return result;
  } catch (cause) {
    await client.query('ROLLBACK').catch(() => undefined);
    throw cause;
  }
}

import { randomUUID } from 'node:crypto';
import type pg from 'pg';
import { textField } from '../../core/data.ts';
import { ask, putBackMilliseconds, type Reply } from '../../core/probes/ask.ts';
import type { ProbeKind } from '../../core/probes/probe.ts';
import { authority } from '../../core/socket-address.ts';
import { advisoryLock } from './advisory-lock.ts';
import { openDatabaseServer, withDatabase } from './client.ts';
import { answerOf } from './failure.ts';

/** Asks a database for something small, or has it find a row by its vector. */
export const askDatabase: ProbeKind['ask'] = ({ fields, address, timeoutMilliseconds, signal }) => {
  const server = openDatabaseServer({ role: '', fields, address });
  const database = textField(fields, 'database');
  const isVector = fields.vector === true;
  return ask({
    question: `${isVector ? 'find a row by its vector in' : 'SELECT 1 in'} postgres://${authority(address)}/${database}`,
    timeoutMilliseconds,
    signal,
    run: async (over) => {
      const at = { server, database };
      try {
        if (isVector) return await findByVector({ at, signal: over });
        await withDatabase({ ...at, signal: over }, (client) => client.query('SELECT 1'));
        return { ok: true, came: '1' };
      } catch (cause) {
        return { ok: false, came: answerOf(cause) };
      }
    },
  });
};

type At = { server: ReturnType<typeof openDatabaseServer>; database: string };

/** The row is committed, so that a full disk is noticed. Rows that a check left when it was killed go with the next. */
async function findByVector({ at, signal }: { at: At; signal: AbortSignal }): Promise<Reply> {
  const id = randomUUID();
  const vector = JSON.stringify([Math.random(), Math.random(), Math.random()]);
  try {
    return await withDatabase({ ...at, signal }, async (client) => {
      await writeRow({ client, id, vector });
      const { rows } = await client.query<{ id: string }>(
        'SELECT id FROM arc.health ORDER BY embedding OPERATOR(public.<->) $1 LIMIT 1',
        [vector],
      );
      await removeRow(client, id);
      return rows[0]?.id === id
        ? { ok: true, came: 'the row came back' }
        : { ok: false, came: 'the row that came back is not the one that arc wrote' };
    });
  } catch (cause) {
    // The row may exist all the same.
    const over = AbortSignal.timeout(putBackMilliseconds);
    await withDatabase({ ...at, signal: over }, (client) => removeRow(client, id)).catch(() => undefined);
    throw cause;
  }
}

async function writeRow(options: { client: pg.Client; id: string; vector: string }): Promise<void> {
  const { client, id, vector } = options;
  await client.query('BEGIN');
  // Two simultaneous checks would both create the table.
  await client.query('SELECT pg_advisory_xact_lock($1, $2)', [...advisoryLock.health]);
  await client.query('CREATE SCHEMA IF NOT EXISTS arc');
  await client.query(
    'CREATE TABLE IF NOT EXISTS arc.health (id uuid PRIMARY KEY, embedding public.vector(3) NOT NULL, written timestamptz NOT NULL DEFAULT now())',
  );
  await client.query('INSERT INTO arc.health (id, embedding) VALUES ($1, $2)', [id, vector]);
  await client.query('COMMIT');
}

async function removeRow(client: pg.Client, id: string): Promise<void> {
  await client.query("DELETE FROM arc.health WHERE id = $1 OR written < now() - interval '1 hour'", [id]);
}

import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openStage, type Stage } from '../support/stage.ts';

// One server, in this order.
let stage: Stage;

beforeAll(async () => {
  stage = await openStage({ settings: { embedding_dimensions: '"1536"' } });
  await stage.succeed(['images', 'build', 'sql', '--bases', 'local']);
}, 180_000);
afterAll(() => stage?.close());

const smaller = ['--set', 'embedding_dimensions=384'];
const up = (...more: string[]) => stage.succeed(['up', 'sql', '--bases', 'local', '--yes', ...more]);
const plan = async (...more: string[]) =>
  (await stage.succeed(['plan', 'sql', '--bases', 'local', ...more])).stdout.split('\n');

async function query(statement: string): Promise<unknown[]> {
  const client = new pg.Client({
    ...{ host: '127.0.0.1', port: 5432, user: 'postgres', password: 'arc-dev-sql-password' },
    database: 'arc',
  });
  await client.connect();
  try {
    return (await client.query(statement)).rows;
  } finally {
    await client.end();
  }
}
const type = async () =>
  query(
    "SELECT format_type(atttypid, atttypmod) AS type FROM pg_attribute WHERE attrelid = 'agents.conversations'::regclass AND attname = 'embedding'",
  );

describe('the size of an embedding', () => {
  it('is what the setting says, in a new database and while no row has an embedding', async () => {
    expect(await plan(...smaller)).toContain(
      '? column agents.conversations.embedding  (known once the migrations of arc are applied)',
    );
    await up(...smaller);
    expect(await type()).toEqual([{ type: 'vector(384)' }]);
    expect(await plan(...smaller)).toEqual(['nothing to do']);
    expect(await plan()).toEqual([
      '~ column agents.conversations.embedding  (dimensions: 384 → 1536, and no row has a vector)',
    ]);
    expect(
      await query(
        "SELECT indisvalid FROM pg_index WHERE indexrelid = 'agents.conversations_by_embedding'::regclass",
      ),
    ).toEqual([{ indisvalid: true }]);
  });

  it('is refused where rows have embeddings of another, with the way out', async () => {
    await query(
      "INSERT INTO agents.conversations (id, user_input, embedding) SELECT gen_random_uuid(), 'kept', array_agg(0.5)::vector FROM generate_series(1, 384)",
    );
    const { exitCode, stderr } = await stage.arc(['plan', 'sql', '--bases', 'local']);
    expect(exitCode).not.toBe(0);
    expect(stderr).toContain('error[vector-size-differs]');
    expect(stderr).toContain('holds vectors of 384 numbers, and 1536 are declared; 1 row has one.');
    expect(stderr).toContain('arc sql new "embeddings of 1536" --dimensions 1536');
  });

  it('is changed by the migration that arc drafts, whose plan says what is lost', async () => {
    await stage.succeed(['sql', 'new', 'embeddings of 1536', '--dimensions', '1536']);
    expect(await plan()).toContain(
      '~ migrations arc  (applies 0004_embeddings_of_1536.sql; loses every vector in agents.conversations.embedding; its rows stay (0004_embeddings_of_1536.sql:2))',
    );
    await stage.succeed(['sql', 'migrate']);
    expect(await type()).toEqual([{ type: 'vector(1536)' }]);
    expect(await query('SELECT user_input, embedding FROM agents.conversations')).toEqual([
      { user_input: 'kept', embedding: null },
    ]);
    expect(await plan()).toEqual(['nothing to do']);
  });
});

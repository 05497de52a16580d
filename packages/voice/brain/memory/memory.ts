import pg from 'pg';
import { hourFrom, sessionFrom, turnFrom } from './from-rows.ts';
import { agentId, type PastTurn, type Turn } from './turn.ts';

/** A recall is on the way of an answer, so it may not take longer; a write is on nobody's way. */
const readMs = 400;
const writeMs = 10_000;

/** A session that has ended: what the agent counted. */
export type KeptSession = {
  id: string;
  user: string;
  room: string;
  startedAt: string;
  endedAt: string;
  turns: number;
  /** From the end of what was said to the first sound of its answer, one of each turn. */
  latencies: readonly number[];
  targetMs: number;
  interruptions: number;
  failures: number;
};

/** Figures of one hour. */
export type Hour = {
  hour: Date;
  sessions: number;
  turns: number;
  seconds: number;
  averageMs: number | undefined;
  p95Ms: number | undefined;
  violations: number;
  failures: number;
};

/**
 * What this stack remembers of conversations, in `agents` of its SQL database. Each question names its user, and there is
 * none for the turns of several.
 *
 * @throws Error from each function where the database is away
 */
export type Memory = {
  /** The last turns of a user, the newest first. */
  recent(user: string, most: number): Promise<readonly PastTurn[]>;
  /** The turns of a user that are most like a vector in meaning. */
  similar(user: string, vector: readonly number[], most: number): Promise<readonly PastTurn[]>;
  /** Keeps a turn once, however often it is called. A vector of another size than the column's is left out. */
  keepTurn(turn: Turn, vector: readonly number[]): Promise<void>;
  keepSession(session: KeptSession): Promise<void>;
  turnsOf(session: string): Promise<readonly Turn[]>;
  sessionOf(id: string): Promise<KeptSession | undefined>;
  keepScores(
    session: string,
    scores: readonly { name: string; value: number; judge: string; reason: string }[],
  ): Promise<void>;
  /** Sums up each hour that is over and was not summed up, and gives each once. */
  hours(): Promise<readonly Hour[]>;
  /** Removes turns and sessions that are older. @returns how many turns */
  sweep(days: number): Promise<number>;
  /** Names of the rooms that a user has spoken in. */
  roomsOf(user: string): Promise<readonly string[]>;
  /** Removes all of a user; what was said before and arrives later is not kept. @returns how many turns */
  forget(user: string): Promise<number>;
  close(): Promise<void>;
};

/**
 * @param options.url `postgres://voice_agent:…@arc-sql:5432/arc`
 * @param options.onClient gets each client of `pg` when it has connected, for traces of its queries
 */
export function sqlMemory(options: { url: string; onClient?: (client: pg.PoolClient) => void }): Memory {
  const pool = new pg.Pool({
    connectionString: options.url,
    max: 4,
    connectionTimeoutMillis: 2_000,
    idleTimeoutMillis: 60_000,
    application_name: 'arc-brain',
  });
  // A connection that breaks while nobody uses it is replaced; without this Node would end the process.
  pool.on('error', () => undefined);
  if (options.onClient !== undefined) pool.on('connect', options.onClient);
  let size: Promise<number> | undefined;

  async function query<Row extends pg.QueryResultRow>(
    text: string,
    values: readonly unknown[],
    milliseconds = writeMs,
  ): Promise<readonly Row[]> {
    const late = AbortSignal.timeout(milliseconds);
    const gone = new Promise<never>((_, reject) => {
      late.addEventListener('abort', () => reject(new Error('the database took too long')), { once: true });
    });
    const asked = pool.query<Row>({ text, values: [...values] });
    asked.catch(() => undefined);
    return (await Promise.race([asked, gone])).rows;
  }

  /** How many numbers the column of embeddings has. */
  async function sizeOfVectors(): Promise<number> {
    size ??= query<{ size: number }>(
      "SELECT atttypmod AS size FROM pg_attribute WHERE attrelid = 'agents.conversations'::regclass AND attname = 'embedding'",
      [],
    ).then(([row]) => row?.size ?? 0);
    return await size.catch((cause: unknown) => {
      size = undefined;
      throw cause;
    });
  }

  return {
    recent: async (user, most) =>
      await query<PastTurn>(
        `SELECT user_input AS said, agent_response AS answer, created_at AT TIME ZONE 'UTC' AS at
         FROM agents.conversations WHERE user_id = $1 ORDER BY created_at DESC LIMIT $2`,
        [user, most],
        readMs,
      ),
    similar: async (user, vector, most) => {
      if ((await sizeOfVectors()) !== vector.length) return [];
      return await query<PastTurn>(
        `SELECT user_input AS said, agent_response AS answer, created_at AT TIME ZONE 'UTC' AS at
         FROM agents.conversations WHERE user_id = $1 AND embedding IS NOT NULL
         ORDER BY embedding OPERATOR(public.<=>) $2::public.vector LIMIT $3`,
        [user, JSON.stringify(vector), most],
        readMs,
      );
    },
    keepTurn: async (turn, vector) => {
      const fits = (await sizeOfVectors()) === vector.length;
      await query(
        `INSERT INTO agents.conversations (id, user_id, agent_id, turn_index, user_input, agent_response, embedding,
           created_at, session_id, room_name, trace_id, intent, tools, model, brain_ms, hearing_ms)
         SELECT $1::uuid, $2::text, $3, $4::int, $5, $6, $7::public.vector, $8::timestamptz AT TIME ZONE 'UTC', $9, $10,
           $11, $12, $13::text[], $14, $15::int, $16::int
         WHERE NOT EXISTS (SELECT FROM agents.forgotten f WHERE f.user_id = $2::text AND f.at >= $8::timestamptz)
         ON CONFLICT (id) DO NOTHING`,
        [
          ...[turn.id, turn.user, agentId, turn.index, turn.said, turn.answer],
          fits ? JSON.stringify(vector) : null,
          ...[turn.at, turn.session, turn.room, turn.trace, turn.intent, turn.tools, turn.model ?? null],
          ...[Math.round(turn.brainMs), turn.hearingMs === undefined ? null : Math.round(turn.hearingMs)],
        ],
      );
    },
    keepSession: async (session) => {
      await query(
        `INSERT INTO agents.sessions (id, user_id, agent_id, room_name, started_at, ended_at, turns, latencies_ms,
           target_ms, interruptions, failures)
         SELECT $1, $2::text, $3, $4, $5::timestamptz, $6::timestamptz, $7::int, $8::int[], $9::int, $10::int, $11::int
         WHERE NOT EXISTS (SELECT FROM agents.forgotten f WHERE f.user_id = $2::text AND f.at >= $5::timestamptz)
         ON CONFLICT (id) DO NOTHING`,
        [
          ...[
            session.id,
            session.user,
            agentId,
            session.room,
            session.startedAt,
            session.endedAt,
            session.turns,
          ],
          ...[session.latencies.map(Math.round), session.targetMs, session.interruptions, session.failures],
        ],
      );
    },
    turnsOf: async (session) => {
      const rows = await query<Record<string, unknown>>(
        `SELECT id, user_id, turn_index, user_input, agent_response, intent, tools, model, brain_ms, hearing_ms, trace_id,
           room_name, created_at AT TIME ZONE 'UTC' AS at
         FROM agents.conversations WHERE session_id = $1 ORDER BY turn_index`,
        [session],
      );
      return rows.map((row) => turnFrom(row, session));
    },
    sessionOf: async (id) => {
      const [row] = await query<Record<string, unknown>>('SELECT * FROM agents.sessions WHERE id = $1', [id]);
      return row === undefined ? undefined : sessionFrom(row);
    },
    keepScores: async (session, scores) => {
      for (const { name, value, judge, reason } of scores)
        await query(
          'INSERT INTO agents.scores (session_id, name, value, judge, reason) VALUES ($1, $2, $3, $4, $5)',
          [session, name, value, judge, reason],
        );
    },
    hours: async () => {
      const rows = await query<Record<string, unknown>>('SELECT * FROM agents.sum_up($1)', [agentId]);
      return rows.map(hourFrom);
    },
    sweep: async (days) => {
      const [row] = await query<{ count: number }>('SELECT agents.sweep($1) AS count', [days]);
      return Number(row?.count ?? 0);
    },
    roomsOf: async (user) => {
      const rows = await query<{ room: string }>(
        `SELECT room_name AS room FROM agents.conversations WHERE user_id = $1 AND room_name <> ''
         UNION SELECT room_name FROM agents.sessions WHERE user_id = $1 AND room_name <> ''`,
        [user],
      );
      return rows.map(({ room }) => room);
    },
    forget: async (user) => {
      const [row] = await query<{ count: number }>('SELECT agents.forget($1) AS count', [user]);
      return Number(row?.count ?? 0);
    },
    close: () => pool.end(),
  };
}

import type { Hour, KeptSession } from './memory.ts';
import type { Turn } from './turn.ts';

type Row = Readonly<Record<string, unknown>>;

const text = (value: unknown): string => (typeof value === 'string' ? value : '');
const number = (value: unknown): number | undefined =>
  value === null || value === undefined ? undefined : Number(value);
const time = (value: unknown): Date => (value instanceof Date ? value : new Date(Number.NaN));
const texts = (value: unknown): readonly string[] => (Array.isArray(value) ? value.map(String) : []);

/** A row of `agents.conversations`. */
export function turnFrom(row: Row, session: string): Turn {
  return {
    id: text(row.id),
    user: text(row.user_id),
    session,
    room: text(row.room_name),
    index: number(row.turn_index) ?? 0,
    trace: text(row.trace_id),
    said: text(row.user_input),
    answer: text(row.agent_response),
    intent: text(row.intent),
    tools: texts(row.tools),
    model: row.model === null ? undefined : text(row.model),
    tokens: undefined,
    brainMs: number(row.brain_ms) ?? 0,
    hearingMs: number(row.hearing_ms),
    at: time(row.at).toISOString(),
  };
}

/** A row of `agents.sessions`. */
export function sessionFrom(row: Row): KeptSession {
  return {
    id: text(row.id),
    user: text(row.user_id),
    room: text(row.room_name),
    startedAt: time(row.started_at).toISOString(),
    endedAt: time(row.ended_at).toISOString(),
    turns: number(row.turns) ?? 0,
    latencies: Array.isArray(row.latencies_ms) ? row.latencies_ms.map(Number) : [],
    targetMs: number(row.target_ms) ?? 0,
    interruptions: number(row.interruptions) ?? 0,
    failures: number(row.failures) ?? 0,
  };
}

/** A row of what `agents.sum_up` gives. */
export function hourFrom(row: Row): Hour {
  return {
    hour: time(row.hour),
    sessions: number(row.sessions) ?? 0,
    turns: number(row.turns) ?? 0,
    seconds: number(row.seconds) ?? 0,
    averageMs: number(row.average_ms),
    p95Ms: number(row.p95_ms),
    violations: number(row.violations) ?? 0,
    failures: number(row.failures) ?? 0,
  };
}

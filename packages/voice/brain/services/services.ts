import type { IncomingHttpHeaders } from 'node:http';
import { sessionMetrics } from '../../../contracts/typescript/events/analytics.ts';
import { firstViolation } from '../../../contracts/typescript/validate.ts';
import { spanMetrics } from '../../../spans/metrics.ts';
import type { Spans } from '../../../spans/spans.ts';
import { HttpProblem } from '../../service/http/problem.ts';
import { evaluate } from '../evaluate/evaluate.ts';
import type { Events, Log } from '../events/events.ts';
import { performanceOf } from '../events/messages.ts';
import type { Model } from '../llm/chat.ts';
import type { Measures } from '../measures.ts';
import type { Keeper } from '../memory/keeper.ts';
import type { Memory } from '../memory/memory.ts';
import type { Services } from '../serve.ts';
import { judge, type Verdict } from './own-health.ts';
import { readSession } from './session.ts';
import { spokenService } from './spoken.ts';

/** What this program does beside conversations. */
export function servicesOf(options: {
  events: Events;
  keeper: Keeper;
  /** Undefined in a stack without SQL. */
  memory: Memory | undefined;
  measures: Measures;
  spans: Pick<Spans, 'counts'>;
  model: Model | undefined;
  /** @throws HttpProblem 401 where a header does not show that somebody may change what is kept */
  authority: (header: string | undefined) => Promise<void>;
  /** Who speaks. */
  voice: () => Promise<string>;
  log: Log;
}): Services & {
  health: () => Verdict;
  /** Publishes the figures of each hour that is over, once. */
  sumUp: () => Promise<void>;
  sweep: (days: number) => Promise<void>;
} {
  const { events, keeper, memory, measures, spans, model, authority, voice, log } = options;
  const health = (): Verdict => judge({ rows: keeper.state(), events: events.state() });

  /** An agent's session has ended. */
  async function sessionEnded(body: Record<string, unknown>): Promise<object> {
    const { figures, session } = readSession(body);
    const violation = firstViolation({ schema: sessionMetrics.schema, value: figures, direction: 'publish' });
    if (violation !== undefined)
      throw new HttpProblem({
        status: 400,
        code: 'invalid_value',
        param: `figures${violation.path}`,
        message: violation.message,
      });
    await keeper.keepSession(session);
    const { message_id: id, timestamp: at } = figures;
    await events.keep({ name: 'session-metrics', data: figures, id, at });
    return { kept: true };
  }

  async function evaluated(body: Record<string, unknown>): Promise<object> {
    const session = textIn(body, 'session');
    const expected = textsIn(body, 'expected');
    const found = await evaluate({ session, memory: remembering(memory), model, expected });
    if (found === undefined)
      throw new HttpProblem({
        status: 404,
        code: 'unknown_session',
        message: `No turn of ${session} is kept.`,
      });
    for (const { name, value, judge: by } of found.scores)
      measures.scores.observe({ name, judge: by }, value);
    const { id, at } = { id: crypto.randomUUID(), at: new Date().toISOString() };
    await events.keep({
      name: 'session-scores',
      data: { ...found.message, message_id: id, timestamp: at },
      id,
      at,
    });
    return { session, scores: found.scores };
  }

  /** Removes what this stack keeps of a user in its database. `recordings`: how many objects the caller has removed. */
  async function forgotten(
    body: Record<string, unknown>,
    { authorization }: IncomingHttpHeaders,
  ): Promise<object> {
    await authority(authorization);
    const user = textIn(body, 'user');
    const objects = countIn(body, 'recordings');
    const rows = await remembering(memory).forget(user);
    const about = { user, session: '', trace: '' };
    await events.audit({ kind: 'deleted', rows }, about);
    if (objects > 0) await events.audit({ kind: 'recordings-deleted', objects }, about);
    return { user, turns: rows };
  }

  /** In which rooms a user has been, for whoever removes what is kept of them elsewhere. */
  async function roomsOf(
    body: Record<string, unknown>,
    { authorization }: IncomingHttpHeaders,
  ): Promise<object> {
    await authority(authorization);
    return { rooms: await remembering(memory).roomsOf(textIn(body, 'user')) };
  }

  return {
    health,
    metrics: async () => {
      measures.waiting.set({ what: 'rows' }, keeper.state().waiting);
      measures.waiting.set({ what: 'events' }, events.state().waiting);
      measures.lost.set({ what: 'rows' }, keeper.state().lost + keeper.state().refused);
      measures.lost.set({ what: 'events' }, events.state().lost + events.state().refused);
      const text = (await measures.registry.metrics()) + spanMetrics(spans.counts());
      return { text, contentType: measures.registry.contentType };
    },
    posts: {
      '/v1/sessions': sessionEnded,
      '/v1/spoken': spokenService({ events, voice, log }),
      '/v1/evaluations': evaluated,
      '/v1/forget': forgotten,
      '/v1/rooms': roomsOf,
    },
    sumUp: async () => {
      for (const hour of (await memory?.hours()) ?? []) {
        const [id, at] = [crypto.randomUUID(), new Date()];
        const data = performanceOf(hour, id, at);
        await events.keep({ name: 'agent-performance', data, id, at: at.toISOString() });
      }
    },
    sweep: async (days) => {
      const removed = (await memory?.sweep(days)) ?? 0;
      if (removed > 0) log({ level: 'info', message: 'turns were too old to be kept', removed, days });
    },
  };
}

function textIn(body: Record<string, unknown>, name: string): string {
  const value = body[name];
  if (typeof value === 'string' && value !== '') return value;
  throw new HttpProblem({
    status: 400,
    code: 'invalid_value',
    param: name,
    message: `\`${name}\` has to be a text.`,
  });
}

/** A whole number, 0 where it is absent. */
function countIn(body: Record<string, unknown>, name: string): number {
  const value = body[name] ?? 0;
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return value;
  throw new HttpProblem({
    status: 400,
    code: 'invalid_value',
    param: name,
    message: `\`${name}\` has to be a whole number.`,
  });
}

function remembering(memory: Memory | undefined): Memory {
  if (memory !== undefined) return memory;
  throw new HttpProblem({
    status: 409,
    code: 'no_memory',
    message: 'This stack has no SQL, so nothing is kept.',
  });
}

function textsIn(body: Record<string, unknown>, name: string): readonly string[] | undefined {
  const value = body[name];
  if (value === undefined) return undefined;
  if (Array.isArray(value) && value.every((item) => typeof item === 'string')) return value as string[];
  throw new HttpProblem({
    status: 400,
    code: 'invalid_value',
    param: name,
    message: `\`${name}\` has to be a list of texts.`,
  });
}

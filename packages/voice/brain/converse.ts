import {
  type Context,
  childOf,
  currentContext,
  inContext,
  readTraceparent,
  writeTraceparent,
} from '../../spans/context.ts';
import type { Spans } from '../../spans/spans.ts';
import type { Events } from './events/events.ts';
import { service } from './events/messages.ts';
import type { answerer } from './graph.ts';
import type { Keeper } from './memory/keeper.ts';
import type { Turn } from './memory/turn.ts';
import type { Question, Reply } from './skills/skill.ts';
import { preparedTurns } from './turns.ts';

/** Said where thinking fails or takes too long, as the platform's failure table has it. */
export const fallback = "I'm having trouble processing that. Could you rephrase?";

/** What the agent says of a turn when it is certain. */
export type Certain = { session: string; text: string; hearingMs: number | undefined };

/** Conversations, from question to what is kept of them. */
export type Conversations = {
  /** Answers a question; a failure is an answer, too. `onText` gets its text piece by piece; `parent` is the `traceparent`
   * that came with it. */
  answer(question: Question, onText: (piece: string) => void, parent?: string): Promise<Reply>;
  /** A turn is certain: what its answer announced is done, and the turn is kept. */
  certain(given: Certain): Promise<{ performed: boolean; turn: number | undefined; trace: string }>;
};

/** What is counted of answers: see measures.ts. */
type Counts = {
  duration: { observe(labels: { intent: string }, seconds: number): void };
  tools: { inc(labels: { tool: string }): void };
  tokens: { inc(count: number): void };
  failures: { inc(): void };
};

/** `span`: of the answer, which all that follows from it is a part of. */
type Details = {
  question: Question;
  reply: Reply;
  intent: string;
  brainMs: number;
  at: Date;
  span: Context | undefined;
};

/** Conversations whose turns are counted; the oldest are forgotten. */
const most = 1000;

export function conversations(options: {
  answer: ReturnType<typeof answerer>;
  measures: Counts;
  spans: Pick<Spans, 'within'>;
  events: Events;
  keeper: Keeper;
  log: (fields: Readonly<Record<string, unknown>>) => void;
}): Conversations {
  const { answer, measures, spans, events, keeper, log } = options;
  const turns = preparedTurns<Details>();
  const counts = new Map<string, number>();
  /** What the agent has said of turns whose answer was not there yet. */
  const early = new Map<string, Certain>();

  async function finish(details: Details, certain: Certain | undefined) {
    return await inSpan(details.span, async () => await finishInSpan(details, certain));
  }

  async function finishInSpan(details: Details, certain: Certain | undefined) {
    const { question, reply } = details;
    const performed = await perform(reply.perform, question);
    if (question.user === '' || question.session === '')
      return { performed, turn: undefined, trace: question.trace };
    const index = counts.get(question.session) ?? 0;
    counts.delete(question.session);
    counts.set(question.session, index + 1);
    for (const oldest of counts.keys()) if (counts.size > most) counts.delete(oldest);
    await keeper.keep(turnOf({ details, index, hearingMs: certain?.hearingMs }));
    return { performed, turn: index, trace: question.trace };
  }

  async function perform(work: Reply['perform'], { user, session, trace }: Question): Promise<boolean> {
    if (work === undefined) return false;
    const done = { name: `brain.tool ${work.tool}`, attributes: { 'gen_ai.tool.name': work.tool } };
    await spans.within(done, async () => await work.run());
    measures.tools.inc({ tool: work.tool });
    // Who is not known has no data that anybody could be asked about.
    if (work.consent !== undefined && user !== '')
      await events.audit({ kind: 'consent', ...work.consent }, { user, session, trace });
    return true;
  }

  return {
    answer: async (question, onText, parent) => {
      const began = performance.now();
      let failure: unknown;
      let place: Context | undefined;
      const asked = { name: 'brain.answer', kind: 'server' as const, ...placeOf(question, parent) };
      const answered = spans.within(asked, async (span) => {
        place = currentContext();
        const found = await answer({ question, onText });
        span.set({ 'arc.intent': found.intent });
        return found;
      });
      const { reply, intent } = await answered.catch((cause: unknown) => {
        failure = cause;
        measures.failures.inc();
        log({ level: 'error', message: String(cause) });
        // A model may have begun already.
        onText(fallback);
        const said: Reply = { text: fallback, tools: [] };
        return { reply: said, intent: 'failed' };
      });
      const brainMs = performance.now() - began;
      measures.duration.observe({ intent }, brainMs / 1000);
      for (const tool of reply.tools) measures.tools.inc({ tool });
      if (reply.tokens !== undefined) measures.tokens.inc(reply.tokens);
      if (failure !== undefined)
        inSpan(place, () => events.tell({ name: 'brain-error', data: errorOf(question, failure) }));
      const details: Details = { question, reply, intent, brainMs, at: new Date(), span: place };
      // Who names no conversation asks for answers only when they are certain.
      const isCertain =
        question.session === '' ||
        turns.prepare(question.session, { text: question.text, perform: reply.perform, details });
      if (isCertain) {
        const known = early.get(question.session);
        early.delete(question.session);
        await finish(details, known);
      }
      return reply;
    },
    certain: async (given) => {
      const answered = turns.take(given.session, given.text);
      if (answered !== undefined) return await finish(answered.details, given);
      early.set(given.session, given);
      for (const oldest of early.keys()) if (early.size > most) early.delete(oldest);
      return { performed: false, turn: undefined, trace: '' };
    },
  };
}

function inSpan<Result>(span: Context | undefined, work: () => Result): Result {
  return span === undefined ? work() : inContext(span, work);
}

/** An answer's place in its trace: the first of it, where nobody has begun it. */
function placeOf({ trace }: Question, parent: string | undefined): { parent?: string; self?: string } {
  if (parent !== undefined && readTraceparent(parent) !== undefined) return { parent };
  return { self: writeTraceparent({ ...childOf(undefined), traceId: trace }) };
}

function turnOf(options: { details: Details; index: number; hearingMs: number | undefined }): Turn {
  const { details, index, hearingMs } = options;
  const { question, reply, intent, brainMs, at } = details;
  return {
    id: crypto.randomUUID(),
    user: question.user,
    session: question.session,
    room: question.room,
    index,
    trace: question.trace,
    said: question.text,
    answer: reply.text,
    intent,
    tools: reply.tools,
    model: reply.model,
    tokens: reply.tokens,
    brainMs: Math.round(brainMs),
    hearingMs,
    at: at.toISOString(),
  };
}

function errorOf(question: Question, failure: unknown) {
  const isLate =
    failure instanceof Error && /too long|aborted|timeout/iu.test(`${failure.name} ${failure.message}`);
  return {
    request_id: crypto.randomUUID(),
    timestamp: new Date().toISOString(),
    trace_id: question.trace,
    error_type: isLate ? 'timeout' : 'failed',
    // An error's text may hold what somebody has said.
    error_message: isLate ? `${service} took too long to answer` : `${service} could not answer`,
    retry_count: 0,
    fallback_response: fallback,
  };
}

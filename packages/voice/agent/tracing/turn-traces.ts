import { type Context, childOf, writeTraceparent } from '../../../spans/context.ts';
import type { Spans } from '../../../spans/spans.ts';
import type { MessageMetrics } from '../turns/turn-record.ts';

/** A message of somebody, or the answer to it, with what the framework measured. */
export type Message = { text: string; metrics: MessageMetrics };

/** A part of an answer: of its turn, and of which of the questions that the brain was asked in it. The last one counts. */
export type AnswerPart = Context & { question: number };

/** One trace for each turn, from the first sound that somebody makes to the last one of the answer. */
export type TurnTraces = {
  /** Somebody begins to speak: in a turn that is not certain yet, or in a new one. */
  speechBegan: () => void;
  /** An utterance is over. `isForAgent`: whether it has words, and they are meant for the agent. */
  utteranceEnded: (isForAgent: boolean) => void;
  /** What is heard now is a part of this; undefined where nobody speaks. */
  hearing: () => Context | undefined;
  /** What is asked now is a part of this. A question that was typed begins its turn here. */
  asking: () => Context;
  /** What is spoken now is a part of this; undefined if it is not an answer. */
  speaking: () => AnswerPart | undefined;
  /** The turn is certain, and will be answered. */
  certain: (heard: Message) => void;
  /** An answer is over. @returns the turn that it was for; undefined where it was for none, as a greeting is */
  answered: (metrics: MessageMetrics) => { heard: Message; part: AnswerPart } | undefined;
  /** What was asked last gets no answer. */
  lost: (cause: unknown) => void;
  /** The session is over: nothing will be answered any more. */
  close: () => void;
};

type Turn = {
  context: Context;
  since: number;
  /** Something in it was for the agent, so what follows is a part of it. */
  hasWords: boolean;
  /** How often the brain was asked. */
  questions: number;
  /** Why the last question has no answer, where the turn was not certain: it may be asked again. */
  failure?: unknown;
};

type CertainTurn = Turn & { heard: Message };

/** Turns without an answer. There are more than two only where answers fail and nobody says so. */
const mostPending = 8;

/**
 * Follows the turns of a session. One may begin, and even be certain, while the answer to the one before is still spoken.
 *
 * @param options.attributes of the span of each turn
 * @param options.now milliseconds since 1970
 */
export function turnTraces(options: {
  spans: Pick<Spans, 'begin'>;
  attributes: Readonly<Record<string, string>>;
  now: () => number;
}): TurnTraces {
  const { spans, attributes, now } = options;
  /** The turn that is not certain yet. */
  let open: Turn | undefined;
  /** The turns that are certain and not answered, the oldest first. */
  let pending: readonly CertainTurn[] = [];
  /** The turn that the brain was asked in last. */
  let asked: Context | undefined;

  const begin = (): Turn => {
    open ??= { context: childOf(undefined), since: now(), hasWords: false, questions: 0 };
    return open;
  };

  /** Writes down a stage that is over: seconds since 1970. */
  function stage(turn: Turn, name: string, from: number | undefined, to: number | undefined): void {
    if (from === undefined || to === undefined) return;
    spans.begin({ name, parent: writeTraceparent(turn.context), since: from * 1000 }).end(to * 1000);
  }

  function end(turn: Turn, how: { outcome: string; at?: number | undefined; cause?: unknown }): void {
    const { context, since } = turn;
    const work = spans.begin({
      ...{ name: 'agent.turn', self: writeTraceparent(context), since },
      attributes: { ...attributes, 'arc.turn.outcome': how.outcome },
    });
    const cause = how.cause ?? (how.outcome === 'unanswered' ? turn.failure : undefined);
    if (cause !== undefined) work.fail(cause);
    work.end(how.at);
  }

  /** Takes a turn out of those that wait. Earlier ones will not be answered any more. */
  function settle(turn: CertainTurn, how: Parameters<typeof end>[1]): void {
    const at = pending.indexOf(turn);
    for (const earlier of pending.slice(0, at)) end(earlier, { outcome: 'unanswered' });
    pending = pending.slice(at + 1);
    end(turn, how);
  }

  return {
    speechBegan: () => void begin(),
    utteranceEnded: (isForAgent) => {
      if (open === undefined) return;
      open.hasWords ||= isForAgent;
      if (open.hasWords) return;
      end(open, { outcome: 'nothing-said' });
      open = undefined;
    },
    hearing: () => open?.context,
    // A question is asked before its turn is certain, or right after.
    asking: () => {
      const turn = open ?? pending.at(-1) ?? begin();
      turn.questions += 1;
      turn.failure = undefined;
      asked = turn.context;
      return turn.context;
    },
    speaking: () => {
      const turn = pending.at(-1) ?? open;
      return turn === undefined ? undefined : partOf(turn);
    },
    certain: (heard) => {
      const { startedSpeakingAt, stoppedSpeakingAt, endOfTurnDelay } = heard.metrics;
      const begun = begin();
      const since = Math.min(begun.since, (startedSpeakingAt ?? Number.POSITIVE_INFINITY) * 1000);
      const turn = { ...begun, since, heard };
      open = undefined;
      const [oldest] = pending;
      if (oldest !== undefined && pending.length >= mostPending) settle(oldest, { outcome: 'unanswered' });
      pending = [...pending, turn];
      if (stoppedSpeakingAt !== undefined && endOfTurnDelay !== undefined)
        stage(turn, 'agent.endpointing', stoppedSpeakingAt, stoppedSpeakingAt + endOfTurnDelay);
    },
    answered: (metrics) => {
      const turn = pending.find(({ heard }) => isAnswerTo(heard.metrics, metrics));
      if (turn === undefined) return undefined;
      stage(turn, 'agent.first_audio', turn.heard.metrics.stoppedSpeakingAt, metrics.startedSpeakingAt);
      const at = metrics.stoppedSpeakingAt === undefined ? undefined : metrics.stoppedSpeakingAt * 1000;
      settle(turn, { outcome: 'answered', at });
      return { heard: turn.heard, part: partOf(turn) };
    },
    lost: (cause) => {
      if (asked === undefined) return;
      if (open?.context === asked) open.failure = cause;
      const turn = pending.find(({ context }) => context === asked);
      if (turn === undefined) return;
      // The answer to an earlier one may still be spoken.
      pending = pending.filter((one) => one !== turn);
      end(turn, { outcome: 'unanswered', cause });
    },
    close: () => {
      for (const turn of pending) end(turn, { outcome: 'unanswered' });
      if (open !== undefined) end(open, { outcome: open.hasWords ? 'unanswered' : 'nothing-said' });
      [pending, open] = [[], undefined];
    },
  };
}

function partOf({ context, questions }: Turn): AnswerPart {
  return { ...context, question: questions };
}

/**
 * Whether an answer is the one to what somebody said. An answer that was interrupted may be over after the next turn is
 * certain, so their order does not say it; the wait from one to the other does.
 */
function isAnswerTo(heard: MessageMetrics, answer: MessageMetrics): boolean {
  // What the agent says of itself has no thinking before it.
  if (answer.llmNodeTtft === undefined) return false;
  const { startedSpeakingAt, e2eLatency } = answer;
  if (startedSpeakingAt === undefined || e2eLatency === undefined)
    return heard.stoppedSpeakingAt === undefined;
  return (
    heard.stoppedSpeakingAt !== undefined &&
    Math.abs(startedSpeakingAt - e2eLatency - heard.stoppedSpeakingAt) < 0.001
  );
}

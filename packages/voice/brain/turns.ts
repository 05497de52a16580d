import type { Reply } from './skills/skill.ts';

/** An answer, and what it takes to keep it. */
export type Answered<Details> = { text: string; perform: Reply['perform']; details: Details };

/** Conversations whose last answer waits; the oldest are forgotten. */
const most = 1000;

/** What was answered and is not certain yet, by conversation. An answer may also be there later than the certainty. */
export function preparedTurns<Details>(): {
  /**
   * Keeps an answer in place of an earlier one of the conversation.
   *
   * @returns whether this turn is certain already: then the answer is not kept
   */
  prepare(session: string, answered: Answered<Details>): boolean;
  /** The answer of a turn that is certain now; undefined where it is not there yet, or somebody said something else. */
  take(session: string, text: string): Answered<Details> | undefined;
} {
  const waiting = new Map<string, Answered<Details>>();
  const certain = new Map<string, string>();
  return {
    prepare: (session, answered) => {
      waiting.delete(session);
      if (certain.get(session) === answered.text) return certain.delete(session);
      waiting.set(session, answered);
      trim(waiting);
      return false;
    },
    take: (session, text) => {
      const prepared = waiting.get(session);
      waiting.delete(session);
      certain.delete(session);
      if (prepared?.text === text) return prepared;
      certain.set(session, text);
      trim(certain);
      return undefined;
    },
  };
}

function trim(map: Map<string, unknown>): void {
  for (const oldest of map.keys()) if (map.size > most) map.delete(oldest);
}

import type { Facts } from '../facts/facts.ts';

/** What was asked, and by whom. `room` is empty where nobody said which. */
export type Question = {
  text: string;
  room: string;
  session: string;
  /** Who asks; empty where nobody said. What somebody said before is told to nobody else. */
  user: string;
  /** 32 hexadecimal digits that all of this turn has in common. */
  trace: string;
  /** What was said to the person last. */
  before: string;
  /** What both said in this session before, the oldest first. */
  earlier: readonly { role: 'user' | 'assistant'; content: string }[];
};

/**
 * What is said, and what was looked up for it.
 *
 * `perform` changes something, and is called only once it is certain that the person has said what was answered: an
 * agent asks for answers already while somebody may still go on.
 */
export type Reply = {
  text: string;
  tools: readonly string[];
  perform?: { tool: string; run: () => Promise<void>; consent?: { given: boolean; to: string } };
  /** Which model has thought, and how many tokens that took; absent where skills did. */
  model?: string;
  tokens?: number;
};

/** One thing that this brain can do. */
export type Skill = {
  name: string;
  /** Completes "I can …". */
  ability: string;
  /** Questions that mean it; others are compared with them by their embeddings. */
  examples: readonly string[];
  /** Asks back where it is not sure that this was meant. Courtesies have none. */
  doubt?: string;
  /** Whether it changes something: then only its words, or a yes, are enough. */
  acts?: boolean;
  /** Words that mean it, whatever stands around them. */
  words?: RegExp;
  answer(question: Question, facts: Facts): Promise<Reply>;
  /** For what is done only after a person said yes: the question that asks for it, and what a yes to it does. */
  consent?: { question: string; agreed(question: Question, facts: Facts): Promise<Reply> };
};

/** A reply that only tells something. */
export function say(text: string, ...tools: string[]): Reply {
  return { text, tools };
}

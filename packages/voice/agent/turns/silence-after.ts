import type { AgentConfig } from '../config.ts';
import { sentenceEnd } from './sentence-end.ts';

/**
 * How much silence it takes until what was said is over, by its words: little after a question or an answer that can
 * stand alone, more where nobody can say, and most where the grammar wants more. Pure.
 *
 * @param options.text undefined while it is not written down yet
 * @returns milliseconds
 */
export function silenceAfter(options: { text: string | undefined; turns: AgentConfig['turns'] }): number {
  const { text, turns } = options;
  if (text === undefined) return turns.maxDelayMs;
  const end = sentenceEnd(text);
  switch (end) {
    case 'whole':
      return turns.endMs;
    case 'unsure':
      return turns.patienceMs;
    case 'open':
      return Math.max(turns.maxDelayMs, turns.patienceMs);
    default:
      return end satisfies never;
  }
}

import type { KeptSession } from '../memory/memory.ts';
import type { Turn } from '../memory/turn.ts';

/** How good something was, from 0 to 1. `judge`: `rules`, or the model that said so. */
export type Score = { name: string; value: number; judge: string; reason: string };

/** Intents of turns that nobody was helped by. */
const unanswered = ['unknown', 'failed'];

/** Intents of turns in which the agent was not sure what it heard. */
const unsure = ['unsure', 'misheard'];

/**
 * Scores a session by what was said and done. No model is asked.
 *
 * @param options.session undefined where the agent has not said how it ended
 */
export function scoresByRules(options: {
  turns: readonly Turn[];
  session: KeptSession | undefined;
}): readonly Score[] {
  const { turns, session } = options;
  const score = (name: string, value: number, reason: string): Score => ({
    name,
    value,
    judge: 'rules',
    reason,
  });
  const total = turns.length;
  const answered = turns.filter(({ intent }) => !unanswered.includes(intent)).length;
  const sure = turns.filter(({ intent }) => !unsure.includes(intent)).length;
  const repeated = turns.filter(({ said }, index) => index > 0 && said === turns[index - 1]?.said).length;
  return [
    score('answered', answered / total, `${answered} of ${total} turns had an answer`),
    score('understood', sure / total, `${total - sure} of ${total} turns were asked back`),
    // Who says the same again was answered with something else than what was asked for.
    score('right-skill', 1 - repeated / total, `${repeated} of ${total} turns were said again`),
    ...(session === undefined ? [] : scoresOfSession(session, total).map(([...all]) => score(...all))),
  ];
}

function scoresOfSession(
  session: KeptSession,
  total: number,
): readonly (readonly [string, number, string])[] {
  const { latencies, targetMs, interruptions } = session;
  const inTime = latencies.filter((value) => value <= targetMs).length;
  const undisturbed = Math.max(0, 1 - interruptions / total);
  return [
    ...(latencies.length === 0
      ? []
      : [
          [
            'latency',
            inTime / latencies.length,
            `${inTime} of ${latencies.length} answers within ${targetMs} ms`,
          ] as const,
        ]),
    ['undisturbed', undisturbed, `${interruptions} interruptions in ${total} turns`],
  ];
}

/**
 * Share of words that were heard wrongly, as the score 1 minus it.
 *
 * @param options.expected what was really said, turn by turn
 */
export function scoreOfWords(options: { turns: readonly Turn[]; expected: readonly string[] }): Score {
  const { turns, expected } = options;
  let wrong = 0;
  let total = 0;
  for (const [index, text] of expected.entries()) {
    const words = wordsOf(text);
    total += words.length;
    wrong += wordDistance(words, wordsOf(turns[index]?.said ?? ''));
  }
  const share = total === 0 ? 0 : Math.min(1, wrong / total);
  return { name: 'words', value: 1 - share, judge: 'rules', reason: `${wrong} of ${total} words were wrong` };
}

function wordsOf(text: string): readonly string[] {
  return text.toLowerCase().match(/[\p{L}\p{N}']+/gu) ?? [];
}

/** Words to change, add or leave out so that one becomes the other. Source: Levenshtein's distance. */
function wordDistance(one: readonly string[], other: readonly string[]): number {
  let above = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (const [row, word] of one.entries()) {
    const line = [row + 1];
    for (const [column, its] of other.entries()) {
      const changed = (above[column] ?? 0) + (word === its ? 0 : 1);
      line.push(Math.min(changed, (line[column] ?? 0) + 1, (above[column + 1] ?? 0) + 1));
    }
    above = line;
  }
  return above[other.length] ?? 0;
}

import type { SessionScores } from '../../../contracts/typescript/events/analytics.ts';
import type { Model } from '../llm/chat.ts';
import type { Memory } from '../memory/memory.ts';
import { agentId } from '../memory/turn.ts';
import { scoresByModel } from './judge.ts';
import { type Score, scoreOfWords, scoresByRules } from './rules.ts';

/**
 * Scores a session by rules, and by a model where there is one; the scores become rows.
 *
 * @param options.expected what was really said, turn by turn, where somebody knows it
 * @returns undefined where no turn of the session is kept
 * @throws Error where the database or the model is away
 */
export async function evaluate(options: {
  session: string;
  memory: Memory;
  model: Model | undefined;
  expected?: readonly string[] | undefined;
}): Promise<
  { scores: readonly Score[]; message: Omit<SessionScores, 'message_id' | 'timestamp'> } | undefined
> {
  const { session: id, memory, model, expected } = options;
  const turns = await memory.turnsOf(id);
  if (turns.length === 0) return undefined;
  const session = await memory.sessionOf(id);
  const scores = [
    ...scoresByRules({ turns, session }),
    ...(expected === undefined ? [] : [scoreOfWords({ turns, expected })]),
    ...(model === undefined ? [] : await scoresByModel({ turns, model })),
  ];
  await memory.keepScores(id, scores);
  const message = {
    schema: 'session-scores-v1' as const,
    session: { id, agent_id: agentId },
    // A model's reason may say what somebody said.
    scores: scores.map(({ name, value, judge }) => ({ name, value, judge })),
  };
  return { scores, message };
}

import type { Context } from '../context.ts';
import { withBrain } from './ask-brain.ts';

/** How good something was, from 0 to 1; `judge` is `rules` or the model that said so. */
export type Score = { name: string; value: number; judge: string; reason: string };

/**
 * Has a session scored by what was said and done in it. The scores are kept, counted and published.
 *
 * @throws ArcError as {@link withBrain}
 */
export async function evaluateSession(options: {
  context: Context;
  session: string;
}): Promise<readonly Score[]> {
  const { context, session } = options;
  return await withBrain({
    context,
    use: async (ask) => scoresIn(await ask('/v1/evaluations', { session })),
  });
}

function scoresIn({ scores }: Readonly<Record<string, unknown>>): readonly Score[] {
  if (!Array.isArray(scores)) throw new Error('the brain did not answer with scores');
  return scores as Score[];
}

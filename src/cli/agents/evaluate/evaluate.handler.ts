import { evaluateSession } from '../../../app/agents/evaluate-session.ts';
import { exitStatus } from '../../../core/errors.ts';
import type { Handler } from '../../cli.ts';
import { formatTable } from '../../output/table.ts';

/** Scores a session, by rules and by the model that thinks, where there is one. */
export const evaluate: Handler<{ session: string }> = async ({ session }, cli) => {
  const scores = await evaluateSession({ context: cli, session });
  cli.result({
    data: { session, scores },
    text: () =>
      formatTable({
        headings: ['SCORE', 'VALUE', 'JUDGE', 'WHY'],
        rows: scores.map(({ name, value, judge, reason }) => [name, value.toFixed(2), judge, reason]),
        columns: cli.columns,
      }),
  });
  return exitStatus.done;
};

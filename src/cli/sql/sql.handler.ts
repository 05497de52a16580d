import { draftMigration } from '../../app/sql/draft.ts';
import { sqlMigrate } from '../../app/sql/migrate.ts';
import { sqlShell } from '../../app/sql/shell.ts';
import { sqlStatus } from '../../app/sql/status.ts';
import { type ExitStatus, exitStatus } from '../../core/errors.ts';
import { isEmpty } from '../../core/step.ts';
import type { Handler } from '../cli.ts';
import { formatTable } from '../output/table.ts';
import { showPlan } from '../show-plan.ts';
import { stepsAnswer } from '../steps-answer.ts';

type OfDatabase = { database?: string };

/** Lists the migrations of each database and their states. */
export const showStatus: Handler<OfDatabase> = async ({ database }, cli) => {
  const databases = await sqlStatus({ context: cli, database });
  cli.result({
    data: { databases },
    text: () =>
      formatTable({
        headings: ['DATABASE', 'MIGRATION', 'STATE', 'APPLIED'],
        rows: databases.flatMap((one) =>
          one.migrations.map(({ name, state, at }) => [
            one.database,
            name,
            state,
            at === undefined ? '' : `${at.slice(0, 19).replace('T', ' ')} UTC`,
          ]),
        ),
        columns: cli.columns,
      }),
  });
  return exitStatus.done;
};

/** Writes the next migration. */
export const draft: Handler<OfDatabase & { title: string; dimensions?: number }> = async (options, cli) => {
  const path = await draftMigration({ context: cli, ...options });
  const next =
    options.dimensions === undefined
      ? 'Write its SQL; then `arc plan` shows it, and `arc sql migrate` applies it.'
      : 'It empties the column. `arc plan` shows what is lost, and `arc sql migrate` applies it.';
  cli.result({ data: { file: path }, text: () => `Wrote ${path}. ${next}` });
  return exitStatus.done;
};

/** Applies pending migrations. */
export const migrate: Handler<OfDatabase & { timeout: number }> = async ({ database, timeout }, cli) => {
  const show = cli.mode === 'json' ? () => {} : showPlan(cli);
  const { plan, databases } = await sqlMigrate({ context: cli, database, timeout, show });
  cli.result({
    data: { databases, changed: !isEmpty(plan), steps: stepsAnswer(plan) },
    text: () =>
      isEmpty(plan)
        ? `Nothing to do: every migration of ${databases.join(', ')} is applied.`
        : `Every migration of ${databases.join(', ')} is applied.`,
  });
  return exitStatus.done;
};

/** Runs psql in the server's container. */
export const openShell: Handler<OfDatabase & { role?: string; words: readonly string[] }> = async (
  { role, database, words },
  cli,
) => {
  const code = await sqlShell({ context: cli, login: role, database, words, streams: cli.openStreams() });
  // psql's own status is what a script wants to know.
  return code as ExitStatus;
};

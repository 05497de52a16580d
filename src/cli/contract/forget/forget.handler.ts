import { forgetUser } from '../../../app/contract/forget.ts';
import type { PersonalPlace } from '../../../app/contract/personal-places.ts';
import { exitStatus } from '../../../core/errors.ts';
import type { Handler } from '../../cli.ts';
import { formatTable } from '../../output/table.ts';

type Options = { user: string; yes?: boolean; database?: string };

/** Destroys the key of a user. */
export const forget: Handler<Options> = async ({ user, database, yes = false }, cli) => {
  const show = (places: readonly PersonalPlace[]): void => {
    if (cli.mode === 'json' || yes) return;
    cli.print(`Nobody will be able to read these fields of ${user} again:\n${tableOf(places, cli.columns)}`);
  };
  const forgotten = await forgetUser({ context: cli, user, database, yes, show });
  cli.result({
    data: forgotten,
    text: () =>
      [
        `The key of ${user} is destroyed. Nobody can read these fields of theirs again:`,
        tableOf(forgotten.places, cli.columns),
        'Running programs forget the key within 60 seconds. Backups of the database that were made before still hold it.',
      ].join('\n'),
  });
  return exitStatus.done;
};

function tableOf(places: readonly PersonalPlace[], columns: number): string {
  return formatTable({
    headings: ['MESSAGE', 'FIELDS', 'KEPT IN'],
    rows: places.map(({ message, fields, keptIn }) => [
      message,
      fields.join(', '),
      keptIn.length === 0 ? 'nothing' : keptIn.join(', '),
    ]),
    columns,
  });
}

import { withBackups } from '../../app/backups/program.ts';
import { type RestoreRequest, restore } from '../../app/backups/restore.ts';
import { exitStatus } from '../../core/errors.ts';
import type { Handler } from '../cli.ts';

/** Replaces databases by those of a backup, with consent by name where rows are lost. */
export const restoreService: Handler<Omit<RestoreRequest, 'lose'> & { service: string; lose?: string[] }> = (
  { service, lose = [], ...request },
  cli,
) =>
  withBackups({
    context: cli,
    service,
    use: async (ask) => {
      const { backup, restored, replaced } = await restore({
        context: cli,
        ask,
        request: { ...request, lose },
      });
      cli.result({
        data: { backup: backup.name, restored, replaced: replaced.map(({ name, rows }) => ({ name, rows })) },
        text: () =>
          `Restored ${restored.join(', ')} from ${backup.name}. \`arc up ${service}\` makes what is declared of it right again.`,
      });
      return exitStatus.done;
    },
  });

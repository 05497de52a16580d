import { planRestart } from '../../engine/plan-up.ts';
import { exitStatus } from '../../errors.ts';
import { selectedRoles } from '../../stack/selection.ts';
import { boot } from '../boot.ts';
import { bootAnswer } from '../boot-answer.ts';
import type { BootOptions } from '../boot-options.ts';
import type { Handler } from '../cli.ts';

/** Stops and starts what is named, and nothing that it merely needs; everything where nothing is named. */
export const restart: Handler<BootOptions> = async (options, cli) => {
  const booted = await boot({
    cli,
    request: options,
    command: 'restart',
    plan: ({ manifests, ...given }) =>
      planRestart({
        ...given,
        roles:
          options.selection.length === 0
            ? new Set(given.stack.containers.map(({ role }) => role))
            : selectedRoles({ manifests, selection: options.selection, without: options.without }),
      }),
  });
  cli.result(bootAnswer({ booted, columns: cli.columns }));
  return exitStatus.done;
};

import { type RestartOptions, restart as restartStack } from '../../app/restart.ts';
import { exitStatus } from '../../core/errors.ts';
import { bootAnswer } from '../boot-answer.ts';
import type { Handler } from '../cli.ts';
import { showPlan } from '../show-plan.ts';

/** Restarts what is named with its current configuration, and waits until it is healthy. */
export const restart: Handler<RestartOptions> = async (options, cli) => {
  const booted = await restartStack({ context: cli, request: options, show: showPlan(cli) });
  cli.result(bootAnswer({ booted, program: cli.program, columns: cli.columns }));
  return exitStatus.done;
};

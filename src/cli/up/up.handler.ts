import type { BootOptions } from '../../app/request.ts';
import { up as upStack } from '../../app/up.ts';
import { exitStatus } from '../../core/errors.ts';
import { bootAnswer } from '../boot-answer.ts';
import type { Handler } from '../cli.ts';
import { showPlan } from '../show-plan.ts';

/** Boots what is selected and waits until it is healthy; what is right already is left alone. */
export const up: Handler<BootOptions> = async (options, cli) => {
  const booted = await upStack({ context: cli, request: options, show: showPlan(cli) });
  cli.result(bootAnswer({ booted, program: cli.program, columns: cli.columns }));
  return exitStatus.done;
};

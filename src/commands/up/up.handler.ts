import { planUp } from '../../engine/plan-up.ts';
import { exitStatus } from '../../errors.ts';
import { boot } from '../boot.ts';
import { bootAnswer } from '../boot-answer.ts';
import type { BootOptions } from '../boot-options.ts';
import type { Handler } from '../cli.ts';

/** Boots what is selected and waits until it is healthy; what is right already is left alone. */
export const up: Handler<BootOptions> = async (options, cli) => {
  const booted = await boot({ cli, request: options, command: 'up', plan: planUp });
  cli.result(bootAnswer({ booted, program: cli.program, columns: cli.columns }));
  return exitStatus.done;
};

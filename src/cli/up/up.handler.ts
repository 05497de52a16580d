import { boot } from '../../app/boot.ts';
import type { BootOptions } from '../../app/request.ts';
import { exitStatus } from '../../core/errors.ts';
import { planUp } from '../../platform/docker/plan-up.ts';
import { bootAnswer } from '../boot-answer.ts';
import type { Handler } from '../cli.ts';

/** Boots what is selected and waits until it is healthy; what is right already is left alone. */
export const up: Handler<BootOptions> = async (options, cli) => {
  const booted = await boot({ cli, request: options, command: 'up', plan: planUp });
  cli.result(bootAnswer({ booted, program: cli.program, columns: cli.columns }));
  return exitStatus.done;
};

import { plan } from '../../app/plan.ts';
import type { ImageOptions, SelectionOptions } from '../../app/request.ts';
import { exitStatus } from '../../core/errors.ts';
import { printPlan } from '../../core/print-plan.ts';
import { isEmpty } from '../../core/step.ts';
import type { Handler } from '../cli.ts';
import { stepsAnswer } from '../steps-answer.ts';

type PlanOptions = SelectionOptions & ImageOptions & { exitCode?: boolean };

/** Prints the plan that `arc up` carries out. Changes nothing. */
export const showPlan: Handler<PlanOptions> = async (options, cli) => {
  const steps = await plan({ context: cli, request: options });
  cli.result({ data: { steps: stepsAnswer(steps) }, text: () => printPlan(steps) });
  return options.exitCode === true && !isEmpty(steps) ? exitStatus.drift : exitStatus.done;
};

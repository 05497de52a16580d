import { printPlan } from '../core/print-plan.ts';
import type { Plan } from '../core/step.ts';
import { wrapText } from '../core/wrap.ts';
import type { Cli } from './cli.ts';

/** Prints a plan before it is carried out, or before a person is asked about it. */
export function showPlan(cli: Pick<Cli, 'print' | 'columns'>): (plan: Plan) => void {
  return (plan) => cli.print(wrapText(printPlan(plan), cli.columns));
}

import { shortCommit } from '../git/source.ts';
import { describeAction, type ReleaseStep } from './actions.ts';
import { countSteps, type ReleasePlan } from './plan.ts';

/** The plan for people: what will be done, what is as it should be, and what is not done and why; one line each. */
export function printReleasePlan(plan: ReleasePlan): string {
  const { request, commit } = plan;
  const steps = plan.stages.flatMap((stage) => stage.steps);
  const rows = steps.map((step) => ({ sign: signOf(step), what: describeAction(step), why: reasonOf(step) }));
  const width = Math.max(...rows.map(({ what }) => what.length));
  const { toDo, kept, notRun } = countSteps(plan);
  const advice = new Set(
    steps.flatMap(({ state }) => (state.kind === 'not-run' && state.suggestion ? [state.suggestion] : [])),
  );
  return [
    `${request.rehearsal ? 'Rehearsal of ' : ''}${request.service} ${request.version}, commit ${shortCommit(commit)}`,
    '',
    ...rows.map(({ sign, what, why }) => `${sign} ${what.padEnd(width)}  ${why}`),
    '',
    `${toDo} to do, ${kept} done already, ${notRun} not run.`,
    ...Array.from(advice, (suggestion) => `To run it: ${suggestion}`),
    '',
  ].join('\n');
}

function signOf({ state }: ReleaseStep): string {
  switch (state.kind) {
    case 'do':
      return '+';
    case 'kept':
      return '=';
    case 'not-run':
      return '!';
    default:
      return state satisfies never;
  }
}

function reasonOf({ state }: ReleaseStep): string {
  switch (state.kind) {
    case 'do':
      return `(${state.cause})`;
    case 'kept':
      return `(${state.because})`;
    case 'not-run':
      return `not run: ${state.reason}`;
    default:
      return state satisfies never;
  }
}

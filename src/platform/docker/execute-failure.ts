import { ArcError, exitStatus, type Problem } from '../../core/errors.ts';
import type { Operation, Plan } from './operation.ts';
import { fullName, verbOf } from './print-plan.ts';

/** Ctrl-C: what runs stays, and what it is. What ran before and was stopped is not to be taken for it. */
export function interruption(options: {
  plan: Plan;
  ready: Iterable<string>;
  started: Iterable<string>;
  left: readonly Operation[];
}): ArcError {
  const ready = new Set(options.ready);
  const unready = [...options.started].filter((name) => !ready.has(name));
  const left = new Set(options.left);
  const named = (kind: 'stop-container' | 'start-container', isLeft: boolean): readonly string[] =>
    options.plan.operations.flatMap((operation) =>
      operation.kind === kind && left.has(operation) === isLeft ? [operation.name] : [],
    );
  const unstarted = named('start-container', true);
  const startedAgain = new Set(named('start-container', false));
  const stopped = named('stop-container', false).filter((name) => !startedAgain.has(name));
  const list = (what: string, names: readonly string[]): string[] =>
    names.length === 0 ? [] : [`${what}: ${names.join(', ')}`];
  return new ArcError({
    problem: {
      code: 'interrupted',
      message: 'Interrupted. What runs stays as it is.',
      detail: [
        ...list('running and ready', [...ready]),
        ...list('running, not ready yet', unready),
        ...list(
          'stopped',
          stopped.filter((name) => !unstarted.includes(name)),
        ),
        ...list(
          'was running, is stopped now',
          stopped.filter((name) => unstarted.includes(name)),
        ),
        ...list(
          'not started',
          unstarted.filter((name) => !stopped.includes(name)),
        ),
      ],
      suggestion: 'run the same command again to go on, or arc down',
    },
    status: exitStatus.interrupted,
  });
}

/** The deadline has passed between two operations. */
export function notFinished(options: { left: readonly Operation[]; deadlineMilliseconds: number }): Problem {
  const { left, deadlineMilliseconds } = options;
  return {
    code: 'deadline-passed',
    message: `Not everything was done within ${Math.round(deadlineMilliseconds / 1000)} s, the deadline of everything together.`,
    detail: left.map((operation) => `not done: ${verbOf(operation)} ${fullName(operation)}`),
    suggestion: 'run the same command again to go on, or raise --timeout',
  };
}

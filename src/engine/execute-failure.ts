import { ArcError, exitStatus, type Problem } from '../errors.ts';
import type { Operation } from './operation.ts';
import { fullName, verbOf } from './print-plan.ts';

/** Ctrl-C: what runs stays, and what it is. */
export function interruption(options: {
  ready: Iterable<string>;
  started: Iterable<string>;
  left: readonly Operation[];
}): ArcError {
  const ready = new Set(options.ready);
  const unready = [...options.started].filter((name) => !ready.has(name));
  const unstarted = options.left.flatMap((operation) =>
    operation.kind === 'start-container' ? [operation.name] : [],
  );
  const list = (what: string, names: readonly string[]): string[] =>
    names.length === 0 ? [] : [`${what}: ${names.join(', ')}`];
  return new ArcError({
    problem: {
      code: 'interrupted',
      message: 'Interrupted. What runs stays as it is.',
      detail: [
        ...list('running and ready', [...ready]),
        ...list('running, not ready yet', unready),
        ...list('not started', unstarted),
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

import { ArcError, exitStatus } from '../../core/errors.ts';
import { nameOf } from '../../core/resource.ts';
import type { Plan, Step } from '../../core/step.ts';

/** After Ctrl-C: what still runs and in which state, and what was stopped. */
export function interruption(options: {
  plan: Plan;
  ready: Iterable<string>;
  started: Iterable<string>;
  left: readonly Step[];
}): ArcError {
  const ready = new Set(options.ready);
  const unready = [...options.started].filter((name) => !ready.has(name));
  const left = new Set(options.left);
  const named = (verb: 'stop' | 'start', isLeft: boolean): readonly string[] =>
    options.plan.steps.flatMap((step) =>
      step.verb === verb && left.has(step) === isLeft ? [nameOf(step.on)] : [],
    );
  const unstarted = named('start', true);
  const startedAgain = new Set(named('start', false));
  const stopped = named('stop', false).filter((name) => !startedAgain.has(name));
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

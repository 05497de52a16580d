import { expect, it } from 'vitest';
import { ArcError, exitStatus, failed } from '../../core/errors.ts';
import { failedRollback, interruptedRollback } from './failure.ts';

const draft = {
  service: 'realtime',
  release: { version: 'v0.1.0', revision: 'c0ffee', images: [] },
  from: [
    { role: 'realtime', there: true, version: 'v0.2.0' },
    { role: 'realtime-ingress', there: true, version: 'v0.2.0' },
  ],
};
const unhealthy = failed({
  code: 'container-exited',
  message: 'arc-realtime exited with 1.',
  suggestion: 'logs',
});

function lines(error: unknown): readonly string[] {
  if (!(error instanceof ArcError)) throw error;
  return error.problems.map(({ code, message, suggestion }) => `${code}: ${message} → ${suggestion}`);
}

it('a container that does not get healthy is said with its own reason, and how to go forward again', () => {
  expect(lines(failedRollback({ error: unhealthy, draft }))).toEqual([
    'container-exited: arc-realtime exited with 1. → logs',
    'rollback-failed: realtime does not run as it should on v0.1.0. Data is kept. → arc up realtime returns to the images in the manifests; arc rollback realtime v0.2.0 to the release that ran before',
  ]);
});

it('where no release ran before, or several, only the way to the manifests is named', () => {
  for (const versions of [
    [null, null],
    ['v0.2.0', 'v0.1.0'],
    ['v0.1.0', 'v0.1.0'],
  ]) {
    const from = draft.from.map((one, at) => ({ ...one, version: versions[at] ?? null }));
    expect(lines(failedRollback({ error: unhealthy, draft: { ...draft, from } }))[1]).toMatch(
      /to the images in the manifests$/,
    );
  }
});

it('an interruption names the version to go on with, since without one it would go further back', () => {
  const error = new ArcError({
    problem: { code: 'interrupted', message: 'Interrupted.', suggestion: 'run the same command again' },
    status: exitStatus.interrupted,
  });
  expect(lines(interruptedRollback({ error, draft }))).toEqual([
    'interrupted: Interrupted. → arc rollback realtime v0.1.0 continues; arc up realtime returns to the images in the manifests',
  ]);
});

it('each leaves the errors of the other, and faults, as they are', () => {
  const fault = new Error('a fault');
  expect(failedRollback({ error: fault, draft })).toBe(fault);
  expect(interruptedRollback({ error: unhealthy, draft })).toBe(unhealthy);
});

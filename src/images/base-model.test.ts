import { expect, it } from 'vitest';
import { failed, prerequisite } from '../core/errors.ts';
import { attemptLines } from './base-model.ts';

const upstream = 'livekit/ingress:v1.5.0';

it('names the registry that was asked, which may be a mirror', () => {
  const cause = new Error('cannot be reached (connect ECONNREFUSED 127.0.0.1:5000)');
  expect(attemptLines({ route: 'pull', upstream, mirrors: {}, cause })).toEqual([
    'registry docker.io: cannot be reached (connect ECONNREFUSED 127.0.0.1:5000)',
  ]);
  expect(
    attemptLines({ route: 'pull', upstream, mirrors: { 'docker.io': 'localhost:5000/hub' }, cause }),
  ).toEqual(['registry localhost:5000: cannot be reached (connect ECONNREFUSED 127.0.0.1:5000)']);
});

it("shows a failed tool's last lines below the attempt", () => {
  const cause = failed({
    code: 'recipe-step-failed',
    message: 'go get failed with exit status 1.',
    detail: ['go: module not found'],
  });
  expect(attemptLines({ route: 'build', upstream, mirrors: {}, cause })).toEqual([
    'local recipe: go get failed with exit status 1.',
    '  go: module not found',
  ]);
});

it('says how to get a missing tool', () => {
  const cause = prerequisite({ code: 'missing-tool', message: 'go is missing.', suggestion: 'Install it.' });
  expect(attemptLines({ route: 'build', upstream, mirrors: {}, cause })).toEqual([
    'local recipe: go is missing.',
    '  Install it.',
  ]);
});

import { expect, it } from 'vitest';
import type { Drift } from '../../core/drift.ts';
import { driftText } from './drift-text.ts';

const stopped: Drift = {
  ...{ on: 'container/arc-cache', role: 'cache', what: 'state', before: 'running', now: 'exited with 0' },
  ...{ by: { did: 'stop', at: '2026-01-02T03:04:05.000Z' }, remedy: 'up' },
};
const text = (drift: readonly Drift[], unknown: { on: string; because: string }[] = []) =>
  driftText({ found: { project: 'arc', drift, unknown }, columns: Number.POSITIVE_INFINITY });

it('says what was changed, by whom and when, and what puts it right', () => {
  expect(text([stopped])).toBe(
    [
      'ON                   WHAT   BEFORE → NOW             BY',
      'container/arc-cache  state  running → exited with 0  unknown (stop at 2026-01-02 03:04:05 UTC)',
      '`arc up cache` undoes the change.',
    ].join('\n'),
  );
});

it('says which of several remedies is for what, the one that puts the rest right last', () => {
  const renamed: Drift = { ...stopped, what: 'name', remedy: 'recreate' };
  const edited: Drift = { ...stopped, on: 'file/a.conf', remedy: 'file' };
  expect(text([stopped, renamed, edited]).split('\n').slice(-3)).toEqual([
    'An edit is kept, and `arc up` passes it on to the containers; to undo it, remove a.conf, then `arc up`.',
    '`arc up` keeps a container that was changed like that; `arc restart --recreate cache` recreates it and keeps its data.',
    '`arc up cache` undoes the other changes.',
  ]);
});

it('says that nothing was changed, and what nobody knows', () => {
  const unknown = [{ on: 'container/arc-cache', because: 'it was created from another configuration' }];
  expect(text([], unknown)).toBe(
    'Nothing was changed by hand.\ncontainer/arc-cache cannot be compared as a whole: it was created from another configuration.',
  );
});

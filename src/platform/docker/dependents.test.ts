import { describe, expect, test } from 'vitest';
import { observedContainer as container } from '../../../tests/fixtures/observed.ts';
import { runningDependents } from './dependents.ts';

const containers = [
  container('cache', []),
  container('storage', []),
  container('buckets', ['storage'], { kind: 'job', state: 'exited', exitCode: 0 }),
  container('realtime', ['cache'], { state: 'restarting' }),
  container('worker', ['realtime']),
  container('egress', ['buckets']),
  container('stopped', ['cache'], { state: 'exited' }),
  container('theirs', ['cache'], { project: 'shop' }),
];

function dependents(...selected: readonly string[]): readonly string[] {
  const snapshot = { project: 'arc', containers, networks: [], volumes: [], images: {} };
  return [...runningDependents({ snapshot, selected: new Set(selected) })];
}

describe('what runs and needs something of a selection', () => {
  test('directly, through others, and through a job that has ended', () => {
    expect(dependents('cache')).toEqual(['realtime', 'worker']);
    expect(dependents('storage')).toEqual(['buckets', 'egress']);
  });

  test('is nothing that was selected itself, or that nothing selected is needed by', () => {
    expect(dependents('cache', 'realtime')).toEqual(['worker']);
    expect(dependents('worker')).toEqual([]);
  });
});

import { describe, expect, test } from 'vitest';
import { manifests, profile, service } from '../../tests/fixtures/manifests.ts';
import { observedContainer } from '../../tests/fixtures/observed.ts';
import type { ObservedContainer, Snapshot } from '../platform/docker/snapshot.ts';
import { chosenRoles } from './chosen-roles.ts';

const workspace = manifests({
  services: [service({ role: 'cache' }), service({ role: 'storage' })],
  profiles: [profile({ name: 'think', services: ['cache', 'storage'] })],
});

function running(role: string, change: Partial<ObservedContainer> = {}): ObservedContainer {
  return observedContainer(role, [], { service: role, ...change });
}

const snapshot: Snapshot = {
  project: 'arc',
  containers: [
    running('cache'),
    running('storage'),
    running('old'),
    running('old-worker', { service: 'old' }),
    // A part of a service that is still there.
    running('storage-worker', { service: 'storage' }),
    running('theirs', { project: 'shop' }),
  ],
  networks: [],
  volumes: [{ name: 'arc-gone-data', project: 'arc', role: 'gone' }],
  images: {},
};

const choose = (
  selection: readonly string[],
  { without = [], known = true }: { without?: readonly string[]; known?: boolean } = {},
): readonly string[] | undefined => {
  const roles = chosenRoles({ manifests: known ? workspace : undefined, snapshot, selection, without });
  return roles && [...roles].sort();
};

describe('what a name stands for among what runs', () => {
  test('nothing named is everything', () => {
    expect(choose([])).toBeUndefined();
  });

  test('a profile, a service, a container as the manifests have it', () => {
    expect(choose(['think'])).toEqual(['cache', 'storage']);
    expect(choose(['arc-cache'])).toEqual(['cache']);
  });

  test('a service has the parts that were taken out of its manifest, too', () => {
    expect(choose(['storage'])).toEqual(['storage', 'storage-worker']);
  });

  test('what no manifest describes has the names of its labels', () => {
    expect(choose(['old'])).toEqual(['old', 'old-worker']);
    expect(choose(['arc-old-worker'])).toEqual(['old-worker']);
    expect(choose(['cache', 'old-worker'])).toEqual(['cache', 'old-worker']);
  });

  test('data whose container is gone is named by its role', () => {
    expect(choose(['gone'])).toEqual(['gone']);
  });

  test('all but what is left out', () => {
    expect(choose([], { without: ['old', 'cache'] })).toEqual(['storage', 'storage-worker']);
  });

  test('without manifests, everything by its labels', () => {
    expect(choose(['storage'], { known: false })).toEqual(['storage', 'storage-worker']);
    expect(() => choose(['think'], { known: false })).toThrow('Nothing is called think');
  });

  test('another project has no say, and an unknown name gets the nearest', () => {
    expect(() => choose(['theirs'])).toThrow('Nothing is called theirs');
    expect(() => choose(['storge'])).toThrow(
      expect.objectContaining({
        problems: [expect.objectContaining({ suggestion: 'did you mean `storage`?' })],
      }),
    );
  });
});

import { describe, expect, test } from 'vitest';
import { fakeEngine } from '../../../tests/fixtures/fake-engine.ts';
import type { Home, Owner } from '../../stack/owner.ts';
import { describeElsewhere, fromElsewhere } from './from-elsewhere.ts';
import { observe } from './observe.ts';

const here: Home = { id: 'aaaa', folder: '/home/a/arc', host: 'laptop1', takenOver: [] };
const other: Owner = { id: 'bbbb', folder: '/home/b/arc', host: 'laptop1' };

function labels({ id, folder, host }: Owner, role = 'cache'): Record<string, string> {
  return {
    'arc.project': 'arc',
    'arc.role': role,
    ...(id && { 'arc.workspace': id }),
    'arc.workspace.folder': folder,
    ...(host && { 'arc.workspace.host': host }),
  };
}

async function namesOf(options: {
  container?: Record<string, string>;
  volume?: Record<string, string>;
  home?: Home;
}): Promise<string[]> {
  const engine = fakeEngine();
  if (options.container) engine.put({ name: 'arc-cache', labels: options.container });
  if (options.volume) await engine.createVolume({ name: 'arc-cache-data', labels: options.volume });
  const snapshot = await observe({ engine, project: 'arc' });
  const found = fromElsewhere({ snapshot, home: options.home ?? here, resolve: (folder) => folder });
  return found.map(({ kind, name }) => `${kind} ${name}`);
}

describe('what another workspace made', () => {
  test('is its containers, their data and its network', async () => {
    expect(await namesOf({ container: labels(other), volume: labels(other) })).toEqual([
      'container arc-cache',
      'volume arc-cache-data',
    ]);
    expect(await namesOf({ container: labels(here), volume: labels(here) })).toEqual([]);
  });

  test('is data that it left behind without a container', async () => {
    expect(await namesOf({ volume: labels(other) })).toEqual(['volume arc-cache-data']);
  });

  test('is not data that was taken over, until its own container is there again', async () => {
    const home = { ...here, takenOver: ['bbbb'] };
    expect(await namesOf({ volume: labels(other), home })).toEqual([]);
    expect(await namesOf({ container: labels(here), volume: labels(other) })).toEqual([]);
    expect(await namesOf({ container: labels(other), volume: labels(other), home })).toEqual([
      'container arc-cache',
      'volume arc-cache-data',
    ]);
  });

  test('is known without such labels by the folder that an older arc and Docker Compose write down', async () => {
    const older = (workspace: string) => ({
      'arc.project': 'arc',
      'arc.role': 'cache',
      'com.docker.compose.project.working_dir': `${workspace}/services/cache`,
    });
    const volume = { 'arc.project': 'arc', 'arc.role': 'cache' };
    expect(await namesOf({ container: older('/home/b/arc'), volume })).toEqual([
      'container arc-cache',
      'volume arc-cache-data',
    ]);
    expect(await namesOf({ container: older('/home/a/arc'), volume })).toEqual([]);
    expect(await namesOf({ volume })).toEqual([]);
  });
});

test('it is described in a sentence for each workspace', () => {
  const object = { kind: 'container', name: 'arc-cache', owner: other } as const;
  const volume = { kind: 'volume', name: 'arc-cache-data', owner: other } as const;
  const elsewhere = { ...volume, name: 'old', owner: { folder: '/c' } } as const;
  expect(describeElsewhere([object, volume, elsewhere])).toEqual([
    'arc-cache and the volume arc-cache-data run from /home/b/arc on laptop1',
    'the volume old is from /c',
  ]);
});

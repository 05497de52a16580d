import { describe, expect, test } from 'vitest';
import { printPlan, printSteps } from '../../core/print-plan.ts';
import { planClean, planDown, planNuke } from './plan-down.ts';
import type { ObservedContainer, Snapshot } from './snapshot.ts';

function running(role: string, dependsOn: readonly string[] = [], change: Partial<ObservedContainer> = {}) {
  return {
    id: `id-${role}`,
    name: `arc-${role}`,
    project: 'arc',
    role,
    parts: {},
    image: 'image',
    imageId: 'sha256:image',
    state: 'running',
    networks: ['arc_net'],
    dependsOn,
    graceSeconds: 10,
    ...change,
  } satisfies ObservedContainer;
}

const snapshot: Snapshot = {
  project: 'arc',
  containers: [
    running('cache'),
    running('storage', [], { state: 'exited', exitCode: 0 }),
    running('realtime', ['cache']),
    running('egress', ['realtime', 'storage']),
    running('stranger', [], { project: 'other' }),
  ],
  networks: [
    { id: '1', name: 'arc_net', project: 'arc' },
    { id: '2', name: 'shared' },
  ],
  volumes: [
    { name: 'arc-cache-data', project: 'arc', role: 'cache' },
    { name: 'arc-storage-data', project: 'arc', role: 'storage' },
    { name: 'not-ours', role: 'cache' },
  ],
  images: { 'arc-cache:latest': 'sha256:image' },
};

describe('the plan of a down', () => {
  test('stops dependents first, removes what is stopped at once, and keeps volumes and network', () => {
    expect(printSteps(planDown({ snapshot }))).toBe(`\
1 stop container arc-egress  (running)
2 stop container arc-realtime  after 1  (running)
3 stop container arc-cache  after 2  (running)
4 remove container arc-egress  after 1  (running)
5 remove container arc-realtime  after 2  (running)
6 remove container arc-storage  (exited with 0)
7 remove container arc-cache  after 3  (running)`);
  });

  test('removes config files that a container which is gone has left behind, and no data', () => {
    const volumes = [
      ...snapshot.volumes,
      { name: 'arc-cache-config', project: 'arc', role: 'cache', config: true as const },
    ];
    expect(printPlan(planDown({ snapshot: { ...snapshot, containers: [], volumes } }))).toBe(
      '- volume arc-cache-config  (config files of a container that is gone)',
    );
  });

  test('stops what needs an ended job before what the job needed', () => {
    const containers = [
      running('storage'),
      running('storage-buckets', ['storage'], { state: 'exited', exitCode: 0, kind: 'job' }),
      running('egress', ['storage-buckets']),
    ];
    const plan = planDown({ snapshot: { ...snapshot, containers } });
    const stop = plan.steps.find(({ id }) => id === 'stop container/arc-storage');
    expect(stop?.after).toEqual(['stop container/arc-egress']);
    // Also where the job is not among what goes.
    const roles = new Set(['storage', 'egress']);
    const chosen = planDown({ snapshot: { ...snapshot, containers }, roles });
    expect(chosen.steps.find(({ id }) => id === 'stop container/arc-storage')?.after).toEqual([
      'stop container/arc-egress',
    ]);
  });

  test('is shown as one line a container', () => {
    expect(printPlan(planDown({ snapshot }))).toBe(`\
- container arc-egress  (running)
- container arc-realtime  (running)
- container arc-storage  (exited with 0)
- container arc-cache  (running)`);
  });

  test('touches only what was chosen', () => {
    expect(printPlan(planDown({ snapshot, roles: new Set(['egress']) }))).toBe(
      '- container arc-egress  (running)',
    );
  });

  test.each(['paused', 'restarting'] as const)('stops a container that is %s', (state) => {
    const plan = planDown({ snapshot: { ...snapshot, containers: [running('cache', [], { state })] } });
    expect(printSteps(plan)).toBe(`\
1 stop container arc-cache  (${state})
2 remove container arc-cache  after 1  (${state})`);
  });

  test('ends also when labels name each other in a circle', () => {
    const containers = [running('a', ['b']), running('b', ['a'])];
    expect(planDown({ snapshot: { ...snapshot, containers } }).steps).toHaveLength(4);
  });

  test('has nothing to do where nothing is', () => {
    expect(printPlan(planDown({ snapshot: { ...snapshot, containers: [] } }))).toBe('nothing to do');
  });
});

describe('the plan of a clean', () => {
  test('removes data whose role is on no label after every container, for any may have it', () => {
    const plan = planClean({
      snapshot: {
        ...snapshot,
        containers: [running('cache', [], { state: 'exited', exitCode: 0 })],
        volumes: [{ name: 'restored', project: 'arc' }],
      },
    });
    expect(printSteps(plan)).toBe(
      '1 remove container arc-cache  (exited with 0)\n2 remove volume restored  after 1  (data)',
    );
  });

  test('removes the data of what it removes, after it, and never a volume that is not ours', () => {
    expect(printPlan(planClean({ snapshot, roles: new Set(['cache']) }))).toBe(`\
- container arc-cache  (running)
- volume arc-cache-data  (data of cache)`);
  });

  test('removes data whose container has gone already', () => {
    expect(printPlan(planClean({ snapshot: { ...snapshot, containers: [] } }))).toBe(`\
- volume arc-cache-data  (data of cache)
- volume arc-storage-data  (data of storage)`);
  });
});

describe('the plan of a nuke', () => {
  test('removes images one after the other, for two may have steps of their build in common', () => {
    const images = { 'arc-a:latest': 'sha256:1', 'arc-b:latest': 'sha256:2', 'arc-c:latest': 'sha256:1' };
    const { steps } = planNuke({ snapshot: { ...snapshot, containers: [], images } });
    const removals = steps.filter(({ on }) => on.startsWith('image/'));
    expect(removals.map(({ id, after }) => [id, after])).toEqual([
      ['remove image/arc-a:latest', []],
      ['remove image/arc-b:latest', ['remove image/arc-a:latest']],
      ['remove image/arc-c:latest', ['remove image/arc-b:latest']],
    ]);
  });

  test('removes what builds have left before the images with a name, one after the other', () => {
    const leftovers = ['b', 'a'].map((digit) => ({
      id: `sha256:${digit.repeat(64)}`,
      wrapper: 'arc-cache:1',
    }));
    expect(
      printSteps(planNuke({ snapshot: { ...snapshot, containers: [], volumes: [], leftovers } })),
    ).toBe(`\
1 remove network arc_net  (made by arc)
2 remove image bbbbbbbbbbbb  (left by a build of arc-cache:1)
3 remove image aaaaaaaaaaaa  after 2  (left by a build of arc-cache:1)
4 remove image arc-cache:latest  after 3  (image of the project)`);
  });

  test('removes everything of the project, and nothing else', () => {
    expect(printPlan(planNuke({ snapshot }))).toBe(`\
- container arc-egress  (running)
- container arc-realtime  (running)
- container arc-storage  (exited with 0)
- container arc-cache  (running)
- volume arc-storage-data  (data of storage)
- network arc_net  (made by arc)
- volume arc-cache-data  (data of cache)
- image arc-cache:latest  (image of the project)`);
  });
});

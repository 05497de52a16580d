import { describe, expect, test } from 'vitest';
import { madeContainer } from '../../../tests/fixtures/observed.ts';
import { needs, testContainer, testJob, testStack } from '../../../tests/fixtures/stacks.ts';
import { ArcError } from '../../core/errors.ts';
import { printPlan, printSteps } from '../../core/print-plan.ts';
import { Secret } from '../../core/secret.ts';
import type { Plan } from '../../core/step.ts';
import { isEmpty } from '../../core/step.ts';
import type { BootableStack, ResolvedContainer } from '../../stack/model.ts';
import { planRestart, planUp } from './plan-up.ts';
import type { ObservedContainer, Snapshot } from './snapshot.ts';

const root = '/workspace';
const cache = testContainer({ role: 'cache', volumes: [{ volume: 'arc-cache-data', target: '/data' }] });
const storage = testContainer({
  role: 'storage',
  volumes: [{ volume: 'arc-storage-data', target: '/data' }],
});
const buckets = testJob({ role: 'storage-buckets', dependsOn: needs('storage') });
const realtime = testContainer({ role: 'realtime', dependsOn: needs('cache') });
const think = testStack({ containers: [cache, storage, buckets, realtime] });

/** What the Engine would say after this container was made as it is described, and what is different about it. */
function observed(container: ResolvedContainer, change: Partial<ObservedContainer> = {}): ObservedContainer {
  const image = { id: images()[container.image.reference] };
  return madeContainer({ container, image, stack: think, root, change });
}

function images(): Record<string, string> {
  return Object.fromEntries(think.containers.map(({ image, role }) => [image.reference, `sha256:${role}`]));
}

function snapshot(containers: readonly ObservedContainer[], change: Partial<Snapshot> = {}): Snapshot {
  return {
    project: 'arc',
    containers,
    networks: [{ id: 'n1', name: think.network, project: 'arc' }],
    volumes: think.volumes.map(({ name, role }) => ({ name, role, project: 'arc' })),
    images: images(),
    ...change,
  };
}

const nothing = snapshot([], { networks: [], volumes: [] });

function up(current: Snapshot, stack: BootableStack = think): Plan {
  return planUp({ stack, snapshot: current, root });
}

/** A snapshot in which everything is right, but for one container. */
function allBut(container: ResolvedContainer, change: Partial<ObservedContainer>): Snapshot {
  return snapshot(think.containers.map((one) => observed(one, one === container ? change : {})));
}

describe('the plan of an up', () => {
  test('makes everything ahead of time and starts each container as soon as what it needs is ready', () => {
    expect(printSteps(up(nothing))).toBe(`\
1 create network arc_net  (no existing network)
2 create volume arc-cache-data  (no existing volume)
3 create volume arc-storage-data  (no existing volume)
4 create container arc-cache  after 1, 2  (no existing container)
5 create container arc-storage  after 1, 3  (no existing container)
6 create job arc-storage-buckets  after 1  (no existing container)
7 create container arc-realtime  after 1  (no existing container)
8 start container arc-cache  after 4  (no existing container)
9 await container arc-cache  after 8  (no existing container)
10 start container arc-storage  after 5  (no existing container)
11 await container arc-storage  after 10  (no existing container)
12 start job arc-storage-buckets  after 6, 11  (no existing container)
13 await job arc-storage-buckets  after 12  (no existing container)
14 start container arc-realtime  after 7, 9  (no existing container)
15 await container arc-realtime  after 14  (no existing container)`);
  });

  test('is shown to people as one line an object', () => {
    expect(printPlan(up(nothing))).toBe(`\
+ network arc_net  (no existing network)
+ volume arc-cache-data  (no existing volume)
+ volume arc-storage-data  (no existing volume)
+ container arc-cache  (no existing container)
+ container arc-storage  (no existing container)
+ job arc-storage-buckets  (no existing container)
+ container arc-realtime  (no existing container)`);
  });

  test('has nothing but waits when everything is right already', () => {
    const plan = up(snapshot(think.containers.map((one) => observed(one))));
    expect(isEmpty(plan)).toBe(true);
    expect(printPlan(plan)).toBe('nothing to do');
    expect(printSteps(plan)).toBe(`\
1 await container arc-cache  (running)
2 await container arc-storage  (running)
3 await container arc-realtime  after 1  (running)`);
  });

  test('replaces a container whose image changed, and keeps its volume', () => {
    const current = snapshot(
      think.containers.map((one) => observed(one)),
      {
        images: { ...images(), [cache.image.reference]: 'sha256:newer' },
      },
    );
    expect(printPlan(up(current))).toBe(`\
~ container arc-cache  (config changed: image)
= container arc-realtime  (asked again: cache is recreated)`);
    expect(printSteps(up(current))).toBe(`\
1 stop container arc-cache  (config changed: image)
2 remove container arc-cache  after 1  (config changed: image)
3 create container arc-cache  after 2  (config changed: image)
4 start container arc-cache  after 3  (config changed: image)
5 await container arc-cache  after 4  (config changed: image)
6 await container arc-storage  (running)
7 ask container arc-realtime  after 5  (asked again: cache is recreated)`);
  });

  test('stops a container that is replaced before the one that it depends on', () => {
    const changed = testStack({
      containers: [cache, realtime].map((one) => ({ ...one, environment: { LEVEL: 'debug' } })),
    });
    const current = snapshot([observed(cache), observed(realtime)]);
    expect(printSteps(up(current, changed))).toBe(`\
1 stop container arc-realtime  (config changed: environment)
2 stop container arc-cache  after 1  (config changed: environment)
3 remove container arc-realtime  after 1  (config changed: environment)
4 remove container arc-cache  after 2  (config changed: environment)
5 create container arc-cache  after 4  (config changed: environment)
6 create container arc-realtime  after 3  (config changed: environment)
7 start container arc-cache  after 5  (config changed: environment)
8 await container arc-cache  after 7  (config changed: environment)
9 start container arc-realtime  after 6, 8  (config changed: environment)
10 await container arc-realtime  after 9  (config changed: environment)`);
  });

  test.each<[string, Partial<ObservedContainer>, string]>([
    ['exited', { state: 'exited', exitCode: 137 }, '> container arc-cache  (exited with 137)'],
    ['made, but never started', { state: 'created' }, '> container arc-cache  (created, never started)'],
    ['paused', { state: 'paused' }, '> container arc-cache  (paused)'],
    ['dead', { state: 'dead' }, '~ container arc-cache  (the existing one is dead)'],
    ['being removed', { state: 'removing' }, '~ container arc-cache  (the existing one is being removed)'],
    ['restarting', { state: 'restarting' }, 'nothing to do'],
    [
      'on a network that was made anew',
      { networks: [] },
      '~ container arc-cache  (not on the network arc_net)',
    ],
    ['of an older scheme', { hash: '0:abc' }, '~ container arc-cache  (created by another version of arc)'],
  ])('for a container that is %s', (_, change, expected) => {
    expect(printPlan(up(allBut(cache, change))).split('\n')[0]).toBe(expected);
  });

  test.each<[string, Partial<ObservedContainer>, string]>([
    ['has done its work', { exitCode: 0 }, 'nothing to do'],
    ['failed', { exitCode: 1 }, '> job arc-storage-buckets  (exited with 1)'],
    ['was never started', { state: 'created' }, '> job arc-storage-buckets  (created, never started)'],
    ['is still at it', { state: 'running' }, 'nothing to do'],
  ])('for a job that %s', (_, change, expected) => {
    expect(printPlan(up(allBut(buckets, change)))).toBe(expected);
  });

  test('waits for a job that is still at it', () => {
    expect(printSteps(up(allBut(buckets, { state: 'running' })))).toContain('await job arc-storage-buckets');
  });

  test('runs a job again when the data that it worked on is gone', () => {
    const current = snapshot(
      think.containers.map((one) => observed(one)),
      {
        volumes: [{ name: 'arc-cache-data', role: 'cache', project: 'arc' }],
      },
    );
    expect(printPlan(up(current))).toBe(`\
+ volume arc-storage-data  (no existing volume)
> job arc-storage-buckets  (the volume arc-storage-data is new)`);
  });

  test('refuses a volume that somebody made with another driver', () => {
    const current = snapshot(
      think.containers.map((one) => observed(one)),
      {
        volumes: [
          { name: 'arc-cache-data', role: 'cache', project: 'arc', driver: 'nfs' },
          { name: 'arc-storage-data', role: 'storage', project: 'arc', driver: 'local' },
        ],
      },
    );
    expect(() => up(current)).toThrow(
      'The volume arc-cache-data has the driver nfs, not local, so the data of cache is not where arc keeps it.',
    );
  });

  test('replaces a container whose name changed, found by its role', () => {
    const renamed = { ...cache, name: 'arc-redis' };
    const plan = up(snapshot([observed(cache)]), testStack({ containers: [renamed] }));
    expect(printPlan(plan)).toBe(`\
- container arc-cache  (config changed: name)
+ container arc-redis  (config changed: name)`);
  });

  test('replaces a container whose role changed, found by its name', () => {
    const moved = { ...cache, role: 'redis' };
    const plan = up(snapshot([observed(cache)]), testStack({ containers: [moved] }));
    expect(printPlan(plan)).toContain('~ container arc-cache');
  });

  test('lets two containers swap their names', () => {
    const swapped = [
      { ...cache, name: storage.name },
      { ...storage, name: cache.name },
    ];
    const plan = up(snapshot([observed(cache), observed(storage)]), testStack({ containers: swapped }));
    const remove = plan.steps.find(({ id }) => id === 'remove container/arc-cache');
    const create = plan.steps.find(({ id }) => id === 'create container/arc-cache');
    expect(create?.after).toContain(remove?.id);
  });

  test('replaces everything when asked to', () => {
    const plan = planUp({
      stack: think,
      snapshot: snapshot(think.containers.map((one) => observed(one))),
      root,
      force: { how: 'recreate', roles: new Set(['cache', 'storage-buckets']) },
    });
    expect(printPlan(plan)).toBe(`\
~ container arc-cache  (asked for)
~ job arc-storage-buckets  (asked for)
= container arc-realtime  (asked again: cache is recreated)`);
  });

  test('leaves what is to stay as it was made, drifted or not, and starts it where it does not run', () => {
    const drifted = think.containers.map((one) => ({ ...one, environment: { LEVEL: 'debug' } }));
    const plan = planUp({
      stack: testStack({ containers: drifted }),
      snapshot: allBut(cache, { state: 'exited', exitCode: 137 }),
      root,
      asMade: new Set(['cache', 'storage', 'storage-buckets']),
    });
    expect(printPlan(plan)).toBe(`\
~ container arc-realtime  (config changed: environment)
> container arc-cache  (exited with 137)`);
  });

  test('makes what is to stay as it was made, where it is not there', () => {
    const plan = planUp({ stack: think, snapshot: nothing, root, asMade: new Set(['cache']) });
    expect(printPlan(plan)).toContain('+ container arc-cache  (no existing container)');
  });

  test('leaves a container of the project alone that is not part of the stack', () => {
    const plan = up(snapshot([observed(cache), observed(storage)]), testStack({ containers: [cache] }));
    expect(printPlan(plan)).toBe('nothing to do');
  });

  test('never touches a container of somebody else that has the name', () => {
    const { project: _, hash: __, ...foreign } = observed(cache);
    const act = (): Plan =>
      up(
        snapshot([
          { ...foreign, maker: 'the Docker Compose project "shop"' },
          observed(storage, { project: 'other' }),
        ]),
      );
    expect(act).toThrow(ArcError);
    try {
      act();
    } catch (error) {
      expect(
        (error as ArcError).problems.map(({ message, suggestion }) => `${message} → ${suggestion}`),
      ).toEqual([
        'The container arc-cache already exists and was created by the Docker Compose project "shop", not by the project "arc". → docker rm -f arc-cache, if you no longer need it',
        'The container arc-storage already exists and was created by the arc project "other", not by the project "arc". → run arc down in its workspace; or let this one have names of its own: `names: project` in arc.yaml',
      ]);
    }
  });

  test('never writes to the data of another project, and uses a volume that no project made', () => {
    const volumes = [
      { name: 'arc-cache-data' },
      { name: 'arc-storage-data', role: 'storage', project: 'other' },
    ];
    expect(() => up(snapshot([], { volumes }))).toThrow(
      'The volume arc-storage-data already exists, with data of the arc project "other", not of the project "arc".',
    );
    const plan = up(snapshot([], { volumes: volumes.slice(0, 1) }), testStack({ containers: [cache] }));
    expect(printPlan(plan)).toBe('+ container arc-cache  (no existing container)');
  });

  test('does not begin with an empty volume while the data is in one with the old name', () => {
    const renamed = testStack({
      containers: [{ ...cache, name: 'own-cache', volumes: [{ volume: 'own-cache-data', target: '/data' }] }],
    });
    const volumes = [{ name: 'arc-cache-data', role: 'cache', project: 'arc' }];
    expect(() => up(snapshot([], { volumes }), renamed)).toThrow(
      'The data of cache is in the volume arc-cache-data, and cache would start with an empty one, own-cache-data.',
    );
  });

  test('starts a container beside what it needs only to become ready', () => {
    const ingress = testContainer({
      role: 'ingress',
      dependsOn: [
        { role: 'cache', condition: 'healthy' },
        { role: 'realtime', condition: 'healthy', to: 'ready' },
      ],
    });
    const plan = up(nothing, testStack({ containers: [cache, realtime, ingress] }));
    expect(printSteps(plan).split('\n').slice(5)).toEqual([
      '6 start container arc-cache  after 3  (no existing container)',
      '7 await container arc-cache  after 6  (no existing container)',
      '8 start container arc-realtime  after 4, 7  (no existing container)',
      '9 await container arc-realtime  after 8  (no existing container)',
      '10 start container arc-ingress  after 5, 7  (no existing container)',
      '11 await container arc-ingress  after 9, 10  (no existing container)',
    ]);
  });

  test('recreates a network that somebody made with another driver, and what is on it', () => {
    const networks = [{ id: 'n1', name: think.network, project: 'arc', driver: 'overlay' }];
    const plan = up(
      snapshot([observed(cache)], { networks }),
      testStack({ containers: [cache], network: 'arc_net' }),
    );
    expect(printPlan(plan)).toBe(`\
~ network arc_net  (its driver is overlay, not bridge)
~ container arc-cache  (the network arc_net is recreated)`);
    const removal = plan.steps.find(({ id }) => id === 'remove network/arc_net');
    expect(removal?.after).toEqual(['remove container/arc-cache']);
  });

  test('follows a chain of 10,000 containers to its end', () => {
    const stack = testStack({
      containers: Array.from({ length: 10_000 }, (_, index) =>
        testContainer({ role: `s${index}`, dependsOn: index === 0 ? [] : needs(`s${index - 1}`) }),
      ),
    });
    const { steps } = planUp({ stack, snapshot: nothing, root });
    expect(steps.filter(({ verb }) => verb === 'start')).toHaveLength(10_000);
  });
});

describe('the plan of a restart', () => {
  test('stops dependents first and starts them last, and lets the rest run', () => {
    const plan = planRestart({
      stack: think,
      snapshot: snapshot(think.containers.map((one) => observed(one))),
      root,
      roles: new Set(['cache', 'realtime']),
    });
    expect(printPlan(plan)).toBe(`\
> container arc-cache  (asked for)
> container arc-realtime  (asked for)`);
    expect(printSteps(plan)).toBe(`\
1 stop container arc-realtime  (asked for)
2 stop container arc-cache  after 1  (asked for)
3 start container arc-cache  after 2  (asked for)
4 await container arc-cache  after 3  (asked for)
5 await container arc-storage  (running)
6 start container arc-realtime  after 1, 4  (asked for)
7 await container arc-realtime  after 6  (asked for)`);
  });

  test('runs a finished job again only if it is named', () => {
    const restart = (roles: readonly string[]): string =>
      printPlan(
        planRestart({
          stack: think,
          snapshot: snapshot(think.containers.map((one) => observed(one))),
          root,
          roles: new Set(roles),
        }),
      );
    expect(restart(['storage'])).toBe('> container arc-storage  (asked for)');
    expect(restart(['storage-buckets'])).toBe('> job arc-storage-buckets  (asked for)');
  });

  test('starts what does not run', () => {
    const plan = planRestart({
      stack: think,
      snapshot: allBut(cache, { state: 'exited', exitCode: 1 }),
      root,
      roles: new Set(['cache']),
    });
    expect(printPlan(plan)).toBe(`\
> container arc-cache  (exited with 1)
= container arc-realtime  (asked again: cache is started)`);
  });
});

describe('what goes on running while something that it needs is started again', () => {
  const held = (change: Partial<ResolvedContainer> = {}): ResolvedContainer => ({
    ...realtime,
    dependsOn: [{ role: 'cache', condition: 'healthy', holdSeconds: 4 }],
    ...change,
  });
  const restarting = held({ dependsOn: [{ role: 'cache', condition: 'healthy', restart: true }] });
  const worker = testContainer({ role: 'worker', dependsOn: needs('realtime') });
  const recorder = testContainer({ role: 'recorder', dependsOn: needs('storage-buckets') });
  const stackOf = (...containers: readonly ResolvedContainer[]): BootableStack => testStack({ containers });
  const died = { state: 'exited', exitCode: 137 } as const;

  test('is asked again for the time that its manifest declares, and so is what needs it', () => {
    const current = snapshot([observed(cache, died), observed(held()), observed(worker)]);
    const plan = up(current, stackOf(cache, held(), worker));
    expect(printPlan(plan)).toBe(`\
> container arc-cache  (exited with 137)
= container arc-realtime  (asked again for 4 s: cache is started)
= container arc-worker  (asked again: cache is started)`);
    expect(printSteps(plan)).toBe(`\
1 start container arc-cache  (exited with 137)
2 await container arc-cache  after 1  (exited with 137)
3 ask container arc-realtime  after 2  (asked again for 4 s: cache is started)
4 ask container arc-worker  after 3  (asked again: cache is started)`);
  });

  test('is restarted where its manifest says so, before it is asked', () => {
    const current = snapshot([observed(cache, { hash: '0:old' }), observed(restarting), observed(worker)]);
    const plan = up(current, stackOf(cache, restarting, worker));
    expect(printPlan(plan)).toBe(`\
~ container arc-cache  (created by another version of arc)
> container arc-realtime  (cache is recreated)
= container arc-worker  (asked again: realtime is restarted)`);
    const start = plan.steps.find(({ id }) => id === 'start container/arc-realtime');
    expect(start?.after).toEqual(['stop container/arc-realtime', 'await container/arc-cache']);
    const stop = plan.steps.find(({ id }) => id === 'stop container/arc-cache');
    expect(stop?.after).toEqual(['stop container/arc-realtime']);
  });

  test('is not restarted twice where it is to be made anew', () => {
    const current = snapshot([observed(cache, died), observed(restarting, { hash: '0:old' })]);
    expect(printPlan(up(current, stackOf(cache, restarting)))).toBe(`\
~ container arc-realtime  (created by another version of arc)
> container arc-cache  (exited with 137)`);
  });

  test('is asked after what a job that it needs has needed', () => {
    const containers = [storage, buckets, recorder];
    const current = snapshot([observed(storage, died), observed(buckets), observed(recorder)]);
    expect(printSteps(up(current, stackOf(...containers)))).toBe(`\
1 start container arc-storage  (exited with 137)
2 await container arc-storage  after 1  (exited with 137)
3 ask container arc-recorder  after 2  (asked again: storage is started)`);
  });

  test('is not asked twice where nothing is started', () => {
    const current = snapshot([observed(cache), observed(held())]);
    const plan = up(current, stackOf(cache, held()));
    expect(printPlan(plan)).toBe('nothing to do');
    expect(printSteps(plan)).toBe(`\
1 await container arc-cache  (running)
2 await container arc-realtime  after 1  (running)`);
  });

  test('is asked, or restarted, also where it is not part of what was named', () => {
    const current = snapshot([observed(cache, died), observed(held()), observed(recorder)]);
    const plan = (dependents: readonly ResolvedContainer[]): Plan =>
      planUp({ stack: stackOf(cache), snapshot: current, root, dependents });
    expect(printPlan(plan([held(), recorder]))).toBe(`\
> container arc-cache  (exited with 137)
= container arc-realtime  (asked again for 4 s: cache is started)`);
    expect(printPlan(plan([restarting]))).toBe(`\
> container arc-cache  (exited with 137)
> container arc-realtime  (cache is started)`);
  });

  test('is left alone, and not asked, where nothing that it needs is started', () => {
    const current = snapshot([observed(cache), observed(held())]);
    const plan = planUp({ stack: stackOf(cache), snapshot: current, root, dependents: [held()] });
    expect(printSteps(plan)).toBe('1 await container arc-cache  (running)');
  });
});

describe('an Engine that uses SELinux', () => {
  const file = { file: 'a.conf', template: 'a.conf.liquid', target: '/a.conf', content: new Secret('a') };
  const configured = testContainer({ role: 'cache', config: [file] });
  const stack = testStack({ containers: [configured], network: think.network });

  test('gets containers with labelled config files in place of those that could not read them', () => {
    const before = snapshot([observed(configured)], { selinux: true });
    expect(printPlan(planUp({ stack, snapshot: before, root }))).toBe(
      '~ container arc-cache  (config changed: config)',
    );
  });

  test('changes nothing about a container that mounts no file', () => {
    const bare = testStack({ containers: [cache], network: think.network });
    const before = snapshot([observed(cache)], { selinux: true });
    expect(isEmpty(planUp({ stack: bare, snapshot: before, root }))).toBe(true);
  });
});

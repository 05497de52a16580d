import { describe, expect, test } from 'vitest';
import { planOnFake, runOnFake, upOnFake } from '../../../tests/fixtures/fake-boot.ts';
import { type Behaviour, type FakeEngine, fakeEngine } from '../../../tests/fixtures/fake-engine.ts';
import { needs, testContainer, testJob, testStack } from '../../../tests/fixtures/stacks.ts';
import { ArcError, failed, type Problem } from '../../core/errors.ts';
import type { ArcEvent } from '../../core/event.ts';
import type { BootableStack } from '../../stack/model.ts';
import { observe } from './observe.ts';
import { planDown } from './plan-down.ts';

const cache = testContainer({ role: 'cache' });
const storage = testContainer({ role: 'storage' });
const realtime = testContainer({ role: 'realtime', dependsOn: needs('cache') });
const stack = testStack({ containers: [cache, storage, realtime] });

function engineWith(behaviour: Record<string, Behaviour> = {}, wanted: BootableStack = stack): FakeEngine {
  const engine = fakeEngine({ behaviour });
  for (const { image, role } of wanted.containers) engine.images.set(image.reference, `sha256:${role}`);
  return engine;
}

async function problemsOf(boot: Promise<unknown>): Promise<readonly Problem[]> {
  const error = await boot.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (error instanceof ArcError) return error.problems;
  throw error ?? new Error('it should have failed');
}

describe('execute', () => {
  test('says what became ready and when', async () => {
    const { ready, milliseconds } = await upOnFake({ engine: engineWith(), stack });
    expect(ready.map(({ role, kind }) => `${kind} ${role}`).sort()).toEqual([
      'service cache',
      'service realtime',
      'service storage',
    ]);
    expect(milliseconds).toBeGreaterThanOrEqual(0);
  });

  test('asks what kept running while its cache was recreated until it has held, and says what it waits for', async () => {
    const held = {
      ...realtime,
      dependsOn: [{ role: 'cache', condition: 'healthy' as const, holdSeconds: 4 }],
    };
    const wanted = testStack({ containers: [cache, held] });
    // Its first answer is from before it noticed.
    const engine = engineWith({ 'arc-realtime': { unwell: [2, 3] } }, wanted);
    await upOnFake({ engine, stack: wanted });
    engine.images.set(cache.image.reference, 'sha256:newer');
    const events: ArcEvent[] = [];
    const { milliseconds } = await upOnFake({ engine, stack: wanted, events });
    expect(milliseconds).toBeGreaterThan(4_000);
    const answers = events.flatMap((event) => (event.type === 'step' && event.answer ? [event.answer] : []));
    expect(answers).toContainEqual(
      expect.objectContaining({
        question: 'asked arc-realtime',
        reply: 'yes',
        ok: false,
        hold: { milliseconds: 4_000, cause: 'cache was started again' },
      }),
    );
    expect((await upOnFake({ engine, stack: wanted })).milliseconds).toBe(0);
  });

  test('holds also where the cache was started again just before, by an up that was interrupted', async () => {
    const held = {
      ...realtime,
      dependsOn: [{ role: 'cache', condition: 'healthy' as const, holdSeconds: 4 }],
    };
    const wanted = testStack({ containers: [cache, held] });
    const engine = engineWith({}, wanted);
    await upOnFake({ engine, stack: wanted });
    const started = (name: string, milliseconds: number): void => {
      const { ...container } = engine.containers.get(name);
      engine.put({ ...container, name, startedAt: new Date(milliseconds).toISOString() });
    };
    started('arc-realtime', -60_000);
    started('arc-cache', -1_000);
    expect((await upOnFake({ engine, stack: wanted })).milliseconds).toBe(3_000);
    started('arc-cache', -5_000);
    expect((await upOnFake({ engine, stack: wanted })).milliseconds).toBe(0);
  });

  test('announces everything first, then reports each step with its time', async () => {
    const events: ArcEvent[] = [];
    await upOnFake({ engine: engineWith(), stack: testStack({ containers: [cache] }), events });
    const lines = events.map((event) =>
      event.type === 'step' ? `${event.phase} ${event.verb} ${event.on}` : event.type,
    );
    expect(lines).toEqual([
      'waiting create network/arc_net',
      'waiting create container/arc-cache',
      'waiting start container/arc-cache',
      'waiting await container/arc-cache',
      'running create network/arc_net',
      'done create network/arc_net',
      'running create container/arc-cache',
      'done create container/arc-cache',
      'running start container/arc-cache',
      'done start container/arc-cache',
      'running await container/arc-cache',
      'done await container/arc-cache',
    ]);
  });

  test('reports the image of a container like every other step', async () => {
    const events: ArcEvent[] = [];
    const engine = engineWith();
    const { reference } = cache.image;
    const stack = testStack({ containers: [cache] });
    const images = new Map([[reference, { outdated: 'not on this Engine' }]]);
    await runOnFake({ engine, plan: await planOnFake({ engine, stack, images }), events });
    expect(
      events.filter((event) => event.type === 'step' && event.on === `image/${reference}`),
    ).toMatchObject([
      { phase: 'waiting', verb: 'change', role: 'cache', cause: 'not on this Engine' },
      { phase: 'running', verb: 'change', role: 'cache' },
      { phase: 'done', verb: 'change', role: 'cache' },
    ]);
  });

  test('fails when a container exits that nothing restarts, and does not start what needs it', async () => {
    const quitter = { ...cache, restart: 'no' as const };
    const wanted = testStack({ containers: [quitter, realtime] });
    const engine = engineWith({ 'arc-cache': { exits: [3] } }, wanted);
    const events: ArcEvent[] = [];
    const problems = await problemsOf(upOnFake({ engine, stack: wanted, events }));
    expect(problems).toEqual([
      {
        code: 'container-exited',
        message: 'arc-cache exited with 3 before it was healthy.',
        detail: ['waited 0 s', 'log: the log of arc-cache'],
        suggestion: 'arc logs cache',
      },
    ]);
    expect(engine.calls).not.toContain('start arc-realtime');
    // Without a cause: it was not reached.
    expect(events).toContainEqual({
      type: 'step',
      id: 'start container/arc-realtime',
      verb: 'start',
      on: 'container/arc-realtime',
      role: 'realtime',
      phase: 'skipped',
    });
  });

  test('puts up with a crash that the restart policy repairs', async () => {
    const engine = engineWith({ 'arc-cache': { exits: [1, 1] } });
    await upOnFake({ engine, stack });
    expect(engine.containers.get('arc-cache')?.state).toBe('running');
  });

  test('gives up on a container that keeps crashing', async () => {
    const engine = engineWith({ 'arc-cache': { exits: [1, 1, 1, 1, 7, 7] } });
    const [problem] = await problemsOf(upOnFake({ engine, stack }));
    expect(problem).toMatchObject({
      code: 'container-crash-loop',
      message: 'arc-cache keeps crashing: 5 times, the last time it exited with 7.',
    });
  });

  test.each([
    ['is told of the last time', [4]],
    // The Engine does not always hear from the kernel before the container is gone.
    ['was told of an earlier time only', [1]],
  ])('names memory as the reason of a crash loop where it %s', async (_, outOfMemory) => {
    const engine = engineWith({ 'arc-cache': { exits: [137, 137, 137, 137, 137], outOfMemory } });
    const [problem] = await problemsOf(upOnFake({ engine, stack }));
    expect(problem).toMatchObject({
      code: 'container-out-of-memory',
      message: 'arc-cache was killed because it ran out of memory.',
    });
  });

  test('names no memory where the last end was another one', async () => {
    const engine = engineWith({ 'arc-cache': { exits: [137, 137, 1, 1, 1], outOfMemory: [0, 1] } });
    expect(await problemsOf(upOnFake({ engine, stack }))).toMatchObject([{ code: 'container-crash-loop' }]);
  });

  test('names the deadline, what was awaited and what the last probe said', async () => {
    const engine = engineWith({ 'arc-storage': { deaf: true } });
    const problems = await problemsOf(upOnFake({ engine, stack, deadlineMilliseconds: 20_000 }));
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatchObject({
      code: 'not-healthy-in-time',
      message: 'arc-storage was not healthy within 20 s, the deadline for the whole command.',
    });
    expect(problems[0]?.detail).toContain('last probe: asked arc-storage: no');
  });

  test('reports every container that is broken, not only the first', async () => {
    const engine = engineWith({ 'arc-cache': { deaf: true }, 'arc-storage': { exits: [1, 1, 1, 1, 1] } });
    const problems = await problemsOf(upOnFake({ engine, stack }));
    expect(problems.map(({ message }) => message)).toEqual([
      'arc-storage keeps crashing: 5 times, the last time it exited with 1.',
      'arc-cache was not healthy yet.',
    ]);
  });

  test('fails when a container that was healthy ends while others are still starting', async () => {
    const fragile = { ...cache, restart: 'no' as const };
    const wanted = testStack({ containers: [fragile, storage] });
    const engine = engineWith({ 'arc-storage': { deaf: true } }, wanted);
    const events: ArcEvent[] = [];
    const boot = upOnFake({
      engine,
      stack: wanted,
      events: Object.assign(events, {
        push: (event: ArcEvent) => {
          if (event.type === 'step' && event.id === 'await container/arc-cache' && event.phase === 'done') {
            engine.happen({ action: 'die', name: 'arc-cache', exitCode: 9 });
          }
          return 0;
        },
      }),
    });
    const problems = await problemsOf(boot);
    expect(problems.map(({ code }) => code)).toEqual(['container-exited', 'not-healthy-yet']);
  });

  test('reports a job that failed', async () => {
    const job = testJob({ role: 'buckets', dependsOn: needs('storage') });
    const wanted = testStack({ containers: [storage, job] });
    const engine = engineWith({ 'arc-buckets': { ends: 2 } }, wanted);
    expect(await problemsOf(upOnFake({ engine, stack: wanted }))).toMatchObject([
      { code: 'job-failed', message: 'The job arc-buckets exited with 2.' },
    ]);
  });

  test('gives a job its own time limit', async () => {
    const job = testJob({ role: 'buckets', health: { kind: 'exit', timeoutSeconds: 5 } });
    const wanted = testStack({ containers: [job] });
    expect(await problemsOf(upOnFake({ engine: engineWith({}, wanted), stack: wanted }))).toMatchObject([
      {
        code: 'job-too-slow',
        message: 'The job arc-buckets was not done within 5 s, its timeout in the service.yaml.',
      },
    ]);
  });

  test('fails when the Engine refuses, in the words of the refusal', async () => {
    const engine = engineWith();
    engine.beforeCall = (call) => {
      if (call === 'start arc-cache') throw failed({ code: 'port-in-use', message: 'The port is taken.' });
    };
    const problems = await problemsOf(upOnFake({ engine, stack }));
    expect(problems).toMatchObject([{ code: 'port-in-use', message: 'The port is taken.' }]);
    expect(engine.calls).not.toContain('start arc-realtime');
  });

  test('shows no secret, though the log has it', async () => {
    const engine = engineWith({ 'arc-cache': { exits: [1] } });
    engine.tailLogs = async () => ['password is the-secret-of-the-test'];
    const wanted = testStack({ containers: [{ ...cache, restart: 'no' }] });
    const [problem] = await problemsOf(upOnFake({ engine, stack: wanted }));
    expect(problem?.detail).toContain('log: password is [redacted]');
  });

  test('waits for containers that run already, and notices that one has ended meanwhile', async () => {
    const engine = engineWith();
    await upOnFake({ engine, stack });
    const plan = await planOnFake({ engine, stack });
    engine.happen({ action: 'die', name: 'arc-storage', exitCode: 4 });
    expect(await problemsOf(runOnFake({ engine, plan }))).toMatchObject([
      { code: 'container-exited', message: 'arc-storage exited with 4 before it was healthy.' },
    ]);
  });

  test('stops waiting when interrupted, and says what runs', async () => {
    const engine = engineWith({ 'arc-cache': { deaf: true } });
    const controller = new AbortController();
    const events: ArcEvent[] = [];
    const boot = upOnFake({
      engine,
      stack,
      signal: controller.signal,
      events: Object.assign(events, {
        push: (event: ArcEvent) => {
          if (event.type === 'step' && event.id === 'await container/arc-storage' && event.phase === 'done') {
            controller.abort();
          }
          return 0;
        },
      }),
    });
    const error = await boot.catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ status: 130, code: 'interrupted' });
    expect((error as ArcError).problems[0].detail).toEqual([
      'running and ready: arc-storage',
      'running, not ready yet: arc-cache',
      'not started: arc-realtime',
    ]);
  });

  test('interrupted after it has stopped what ran, says so', async () => {
    const engine = engineWith();
    await upOnFake({ engine, stack });
    const controller = new AbortController();
    const stop = engine.stopContainer;
    engine.stopContainer = async (given) => {
      await stop.call(engine, given);
      controller.abort();
    };
    const plan = await planOnFake({ engine, stack, force: { how: 'restart', roles: new Set(['cache']) } });
    const error = await runOnFake({ engine, plan, signal: controller.signal }).catch(
      (thrown: unknown) => thrown,
    );
    expect((error as ArcError).problems[0].detail).toEqual([
      'running and ready: arc-storage',
      'was running, is stopped now: arc-cache',
    ]);
  });

  test('says what was left when the deadline passed between two steps', async () => {
    const engine = engineWith();
    await upOnFake({ engine, stack });
    engine.stopContainer = async () => {
      // Long enough for the deadline to pass.
      for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    };
    const plan = await planOnFake({ engine, stack, force: { how: 'restart', roles: new Set(['cache']) } });
    expect(await problemsOf(runOnFake({ engine, plan, deadlineMilliseconds: 30_000 }))).toMatchObject([
      {
        code: 'deadline-passed',
        message: 'arc did not finish within 30 s, the deadline for the whole command.',
        detail: [
          'not done: start container arc-cache',
          'not done: await container arc-cache',
          'not done: ask container arc-realtime',
        ],
      },
    ]);
  });

  test('stops what a process needed when that has ended, and removes it when its network is down too', async () => {
    const engine = engineWith();
    await upOnFake({ engine, stack });
    const seen: string[] = [];
    engine.beforeCall = (call) => {
      const { state, stopping = false } = engine.containers.get('arc-realtime') ?? {};
      if (/ arc-(cache|realtime)$/.test(call)) seen.push(`${call}: ${state}${stopping ? ', stopping' : ''}`);
    };
    const snapshot = await observe({ engine, project: stack.project, stack });
    await runOnFake({ engine, plan: planDown({ snapshot }) });
    expect(seen.toSorted()).toEqual([
      'remove container arc-cache: undefined',
      'remove container arc-realtime: exited',
      'stop arc-cache: exited, stopping',
      'stop arc-realtime: running',
    ]);
  });
});

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { planOnFake, runOnFake, upOnFake } from '../../../tests/fixtures/fake-boot.ts';
import { type Behaviour, type FakeEngine, fakeEngine } from '../../../tests/fixtures/fake-engine.ts';
import { generatedStacks } from '../../../tests/fixtures/generated-stacks.ts';
import { failed } from '../../core/errors.ts';
import { printPlan } from '../../core/print-plan.ts';
import { isEmpty } from '../../core/step.ts';
import type { BootableStack } from '../../stack/model.ts';
import { observe } from './observe.ts';
import { planClean, planDown, planNuke } from './plan-down.ts';

/** Something that happens to an Engine between two ups. */
type Mishap = { kind: 'dies' | 'pauses' | 'image' | 'vanishes' | 'network'; index: number };

const mishaps = fc.array(
  fc.record({
    kind: fc.constantFrom<Mishap['kind']>('dies', 'pauses', 'image', 'vanishes', 'network'),
    index: fc.nat({ max: 5 }),
  }),
  { maxLength: 4 },
);

function engineFor(...wanted: readonly BootableStack[]): FakeEngine {
  const containers = wanted.flatMap((stack) => stack.containers);
  const behaviour: Record<string, Behaviour> = {};
  for (const { kind, name } of containers) if (kind === 'job') behaviour[name] = { ends: 0 };
  const engine = fakeEngine({ behaviour });
  for (const { image, role } of containers) engine.images.set(image.reference, `sha256:${role}`);
  return engine;
}

async function befall(engine: FakeEngine, stack: BootableStack, { kind, index }: Mishap): Promise<void> {
  const wanted = stack.containers[index];
  const container = wanted && engine.containers.get(wanted.name);
  if (!wanted || !container) return;
  switch (kind) {
    case 'dies':
      if (container.state === 'running') engine.happen({ action: 'die', name: wanted.name, exitCode: 1 });
      return;
    case 'pauses':
      if (container.state === 'running') engine.put({ ...container, state: 'paused' });
      return;
    case 'image':
      engine.images.set(wanted.image.reference, `sha256:${wanted.role}-newer`);
      return;
    case 'vanishes':
      engine.happen({ action: 'destroy', name: wanted.name });
      return;
    case 'network':
      // As a person would: everything stopped, the network removed and made anew.
      for (const one of engine.containers.values()) {
        if (one.state === 'running') engine.put({ ...one, state: 'exited', exitCode: 0 });
      }
      await engine.createNetwork({ name: stack.network, labels: {} });
      return;
    default:
      kind satisfies never;
  }
}

async function expectDesired(engine: FakeEngine, stack: BootableStack): Promise<void> {
  for (const { kind, name, image } of stack.containers) {
    const container = engine.containers.get(name);
    expect(container?.state, name).toBe(kind === 'job' ? 'exited' : 'running');
    if (kind === 'job') expect(container?.exitCode).toBe(0);
    expect(container?.imageId, name).toBe(engine.images.get(image.reference));
  }
  const again = await planOnFake({ engine, stack });
  expect(printPlan(again)).toBe('nothing to do');
  expect(isEmpty(again)).toBe(true);
}

/** Nothing is started before what it depends on runs, or has done its work. */
function expectReady(engine: FakeEngine, stack: BootableStack, call: string): void {
  const started = stack.containers.find(({ name }) => call === `start ${name}`);
  for (const { role, condition } of started?.dependsOn ?? []) {
    const state = engine.containers.get(`arc-${role}`)?.state;
    expect(state, `${role} at ${call}`).toBe(condition === 'healthy' ? 'running' : 'exited');
  }
}

/** Every probe was asked after the last start of everything that its container needs, directly or through others. */
function expectAskedAfterStarts(engine: FakeEngine, stack: BootableStack, from: number): void {
  const history = engine.history.slice(from);
  const needs = new Map<string, ReadonlySet<string>>();
  for (const { role, name, kind, dependsOn } of stack.containers) {
    const all = new Set(dependsOn.flatMap((need) => [need.role, ...(needs.get(need.role) ?? [])]));
    needs.set(role, all);
    if (kind === 'job') continue;
    const asked = history.lastIndexOf(`ask ${name}`);
    for (const need of all) {
      const started = Math.max(
        history.lastIndexOf(`start arc-${need}`),
        history.lastIndexOf(`unpause arc-${need}`),
      );
      expect(asked, `${name} is asked after the start of ${need}`).toBeGreaterThan(started);
    }
  }
}

/** Nothing is stopped while something runs that depends on it. */
function expectUnused(engine: FakeEngine, stack: BootableStack, call: string): void {
  const stopped = stack.containers.find(({ name }) => call === `stop ${name}`);
  for (const { name, dependsOn } of stack.containers) {
    if (!dependsOn.some(({ role }) => role === stopped?.role)) continue;
    expect(engine.containers.get(name)?.state, `${name} at ${call}`).not.toBe('running');
  }
}

/** Which volume is which, to see whether data was lost. */
function dataOf(engine: FakeEngine): Record<string, number> {
  return Object.fromEntries([...engine.volumes].map(([name, { made }]) => [name, made]));
}

describe('up, whatever the Engine is like', () => {
  test('reaches what is wanted, and a second plan has nothing to do', async () => {
    await fc.assert(
      fc.asyncProperty(generatedStacks, async (stack) => {
        const engine = engineFor(stack);
        engine.beforeCall = (call) => expectReady(engine, stack, call);
        await upOnFake({ engine, stack });
        await expectDesired(engine, stack);
      }),
      { numRuns: 100 },
    );
  });

  test('repairs whatever happened since, changes to what is wanted, and keeps the data', async () => {
    await fc.assert(
      fc.asyncProperty(generatedStacks, generatedStacks, mishaps, async (first, second, events) => {
        const engine = engineFor(first, second);
        await upOnFake({ engine, stack: first });
        const data = dataOf(engine);
        for (const event of events) await befall(engine, first, event);
        const before = engine.history.length;
        await upOnFake({ engine, stack: second });
        expectAskedAfterStarts(engine, second, before);
        await expectDesired(engine, second);
        expect(dataOf(engine)).toMatchObject(data);
      }),
      { numRuns: 150 },
    );
  });

  test('goes on from wherever it was killed, after every single operation, and keeps the data', async () => {
    await fc.assert(
      fc.asyncProperty(generatedStacks, mishaps, async (stack, events) => {
        const whole = engineFor(stack);
        await upOnFake({ engine: whole, stack });
        for (const event of events) await befall(whole, stack, event);
        const before = whole.calls.length;
        await upOnFake({ engine: whole, stack });
        const length = whole.calls.length - before;
        for (let killed = 0; killed < length; killed += 1) {
          const engine = engineFor(stack);
          await upOnFake({ engine, stack });
          for (const event of events) await befall(engine, stack, event);
          const data = dataOf(engine);
          const until = engine.calls.length + killed;
          engine.beforeCall = () => {
            if (engine.calls.length >= until) throw failed({ code: 'killed', message: 'arc was killed.' });
          };
          await upOnFake({ engine, stack }).catch(() => undefined);
          engine.beforeCall = () => {};
          await upOnFake({ engine, stack });
          await expectDesired(engine, stack);
          expect(dataOf(engine)).toEqual(data);
        }
      }),
      { numRuns: 40 },
    );
  });
});

describe('down, clean and nuke', () => {
  test('stop everything before what it depends on', async () => {
    await fc.assert(
      fc.asyncProperty(generatedStacks, async (stack) => {
        const engine = engineFor(stack);
        await upOnFake({ engine, stack });
        engine.beforeCall = (call) => expectUnused(engine, stack, call);
        await runOnFake({ engine, plan: planDown({ snapshot: await observe({ engine, project: 'arc' }) }) });
        expect(engine.containers.size).toBe(0);
      }),
      { numRuns: 50 },
    );
  });

  test('keep the data, remove it, and remove everything', async () => {
    await fc.assert(
      fc.asyncProperty(generatedStacks, async (stack) => {
        const engine = engineFor(stack);
        const snapshot = () => observe({ engine, project: 'arc', stack });
        await upOnFake({ engine, stack });
        const data = dataOf(engine);
        await runOnFake({ engine, plan: planDown({ snapshot: await snapshot() }) });
        expect(dataOf(engine)).toEqual(data);
        await upOnFake({ engine, stack });
        await runOnFake({ engine, plan: planClean({ snapshot: await snapshot() }) });
        expect(dataOf(engine)).toEqual({});
        expect(engine.networks.size).toBe(1);
        await upOnFake({ engine, stack });
        await runOnFake({ engine, plan: planNuke({ snapshot: await snapshot() }) });
        expect([
          engine.containers.size,
          engine.volumes.size,
          engine.networks.size,
          engine.images.size,
        ]).toEqual([0, 0, 0, 0]);
      }),
      { numRuns: 50 },
    );
  });
});

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { planOnFake, runOnFake, upOnFake } from '../../../tests/fixtures/fake-boot.ts';
import { type Behaviour, type FakeEngine, fakeEngine } from '../../../tests/fixtures/fake-engine.ts';
import { generatedStacks } from '../../../tests/fixtures/generated-stacks.ts';
import { ArcError, failed } from '../../core/errors.ts';
import { printPlan } from '../../core/print-plan.ts';
import { isChange, type Plan } from '../../core/step.ts';
import type { BootableStack } from '../../stack/model.ts';
import type { ImageFound } from './compile.ts';
import type { Execution } from './execute.ts';
import { observe } from './observe.ts';
import { planClean, planDown, planNuke } from './plan-down.ts';

/** An Engine, and what its images have been made from. */
type World = { engine: FakeEngine; madeFrom: Map<string, string> };

/** What a person wants at one moment, and what happens to the run that is to bring it about. */
type Moment = {
  stack: BootableStack;
  /** What each image is to be made from, by its place in the stack. */
  inputs: readonly string[];
  /** The call, or the image, at which the run is killed; beyond the last one, it is not. */
  killedAt: number;
};

const moments: fc.Arbitrary<readonly Moment[]> = fc.array(
  fc.record({
    stack: generatedStacks,
    inputs: fc.array(fc.constantFrom('redis 1', 'redis 2'), { minLength: 6, maxLength: 6 }),
    killedAt: fc.nat({ max: 30 }),
  }),
  { minLength: 1, maxLength: 4 },
);

function inputsOf({ stack, inputs }: Moment): ReadonlyMap<string, string> {
  return new Map(stack.containers.map(({ image }, index) => [image.reference, inputs[index] ?? '']));
}

function planOf(world: World, moment: Moment): Promise<Plan> {
  const images = new Map<string, ImageFound>();
  for (const [reference, inputs] of inputsOf(moment)) {
    const found = world.madeFrom.get(reference);
    if (found === inputs) images.set(reference, { madeFrom: inputs });
    else images.set(reference, { outdated: found === undefined ? 'not on this Engine' : 'changed' });
  }
  return planOnFake({ engine: world.engine, stack: moment.stack, images });
}

/** Carries out a plan, and counts what is really done: calls that change something, and images that are brought. */
async function carryOut(options: {
  world: World;
  moment: Moment;
  plan: Plan;
  killedAt: number;
}): Promise<{ execution: Execution | undefined; acts: number }> {
  const { world, moment, plan, killedAt } = options;
  const { engine, madeFrom } = world;
  let acts = 0;
  const act = (): void => {
    if (acts >= killedAt) throw failed({ code: 'killed', message: 'arc was killed.' });
    acts += 1;
  };
  engine.beforeCall = act;
  const images = {
    bring: async (reference: string) => {
      act();
      madeFrom.set(reference, inputsOf(moment).get(reference) ?? '');
      engine.images.set(reference, `sha256:${madeFrom.get(reference)}`);
      return undefined;
    },
    identify: (reference: string) => ({
      id: engine.images.get(reference),
      madeFrom: madeFrom.get(reference),
    }),
  };
  const execution = await runOnFake({ engine, plan, images }).catch((error: unknown) => {
    if (!(error instanceof ArcError)) throw error;
    return undefined;
  });
  engine.beforeCall = () => {};
  return { execution, acts };
}

describe('a plan', () => {
  test('is what is done and nothing else, whatever was changed or interrupted before; then nothing is left', async () => {
    await fc.assert(
      fc.asyncProperty(moments, async (all) => {
        const behaviour: Record<string, Behaviour> = {};
        for (const { stack } of all)
          for (const { kind, name } of stack.containers) if (kind === 'job') behaviour[name] = { ends: 0 };
        const world: World = { engine: fakeEngine({ behaviour }), madeFrom: new Map() };
        for (const moment of all) {
          const plan = await planOf(world, moment);
          const { execution } = await carryOut({ world, moment, plan, killedAt: moment.killedAt });
          if (execution !== undefined) expectDone(execution, plan);
        }
        const last = all.at(-1);
        if (last === undefined) return;
        const plan = await planOf(world, last);
        const { execution, acts } = await carryOut({
          world,
          moment: last,
          plan,
          killedAt: Number.POSITIVE_INFINITY,
        });
        if (execution === undefined) throw new Error('nothing was in its way');
        expectDone(execution, plan);
        expect(acts).toBe(plan.steps.filter(isChange).length);
        expect(printPlan(await planOf(world, last))).toBe('nothing to do');
      }),
      { numRuns: 150 },
    );
  });

  test.each([
    ['down', planDown],
    ['clean', planClean],
    ['nuke', planNuke],
  ])('of %s is what is done and nothing else; then nothing is left', async (_, planOf) => {
    await fc.assert(
      fc.asyncProperty(generatedStacks, async (stack) => {
        const behaviour: Record<string, Behaviour> = {};
        for (const { kind, name } of stack.containers) if (kind === 'job') behaviour[name] = { ends: 0 };
        const engine = fakeEngine({ behaviour });
        for (const { image, role } of stack.containers) engine.images.set(image.reference, `sha256:${role}`);
        await upOnFake({ engine, stack });
        const foreseen = async () => planOf({ snapshot: await observe({ engine, project: 'arc', stack }) });
        const plan = await foreseen();
        let acts = 0;
        engine.beforeCall = () => {
          acts += 1;
        };
        const execution = await runOnFake({ engine, plan });
        engine.beforeCall = () => {};
        expectDone(execution, plan);
        expect(acts).toBe(plan.steps.length);
        expect(printPlan(await foreseen())).toBe('nothing to do');
      }),
      { numRuns: 50 },
    );
  });

  test('stops nothing before every image is there', async () => {
    await fc.assert(
      fc.asyncProperty(generatedStacks, async (stack) => {
        const behaviour: Record<string, Behaviour> = {};
        for (const { kind, name } of stack.containers) if (kind === 'job') behaviour[name] = { ends: 0 };
        const world: World = { engine: fakeEngine({ behaviour }), madeFrom: new Map() };
        const moment = (inputs: string): Moment => ({ stack, inputs: Array(6).fill(inputs), killedAt: 0 });
        const first = moment('redis 1');
        await carryOut({
          world,
          moment: first,
          plan: await planOf(world, first),
          killedAt: Number.POSITIVE_INFINITY,
        });
        const second = moment('redis 2');
        const plan = await planOf(world, second);
        const images = plan.steps.filter(({ stage }) => stage === 'prepare').map(({ id }) => id);
        expect(images.length).toBe(stack.containers.length);
        for (const { stage, after } of plan.steps)
          if (stage === 'stop') expect(after).toEqual(expect.arrayContaining(images));
        const calls = world.engine.calls.length;
        await carryOut({ world, moment: second, plan, killedAt: images.length - 1 });
        expect(world.engine.calls).toHaveLength(calls);
      }),
      { numRuns: 50 },
    );
  });
});

function expectDone(execution: Execution, plan: Plan): void {
  expect(execution.done.map(({ id }) => id).toSorted()).toEqual(plan.steps.map(({ id }) => id).toSorted());
}

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { printPlan } from '../../src/core/print-plan.ts';
import { needs } from '../fixtures/stacks.ts';
import { type Bench, box, jobBox, openBench, problemsOf } from './engine-kit.ts';

describe('a boot on a real Engine', () => {
  let bench: Bench;
  beforeAll(async () => {
    bench = await openBench('arc-test-boot');
  });
  afterAll(() => bench.close());

  test('makes network, volumes and containers, and a second plan has nothing to do', async () => {
    const stack = [
      box('boot-a', 18101, [], { volumes: [{ volume: 'arc-test-boot-data', target: '/data' }] }),
      box('boot-b', 18102, ['-ready-after=200ms'], { dependsOn: needs('boot-a') }),
      jobBox('boot-job', ['-exit-after=-1s'], { dependsOn: needs('boot-b') }),
    ];
    const first = await bench.up(stack);
    expect(printPlan(first.plan)).toBe(`\
+ network arc-test-boot_net  (no existing network)
+ volume arc-test-boot-data  (no existing volume)
+ container arc-boot-a  (no existing container)
+ container arc-boot-b  (no existing container)
+ job arc-boot-job  (no existing container)`);
    expect(first.ready.map(({ name }) => name)).toEqual(['arc-boot-a', 'arc-boot-b', 'arc-boot-job']);
    expect(printPlan(await bench.plan(stack))).toBe('nothing to do');
    await bench.up(stack);
  });

  test('asks two containers that both listen on 8080 and publish nothing', async () => {
    const inner = {
      name: 'http',
      container: { first: 8080, last: 8080 },
      protocol: 'tcp',
      purpose: 'test',
    } as const;
    const stack = [
      box('boot-inner-a', 0, [], { ports: [], innerPorts: [inner] }),
      box('boot-inner-b', 0, ['-ready-after=200ms'], { ports: [], innerPorts: [inner] }),
    ];
    const { ready } = await bench.up(stack);
    expect(ready.map(({ name }) => name).toSorted()).toEqual(['arc-boot-inner-a', 'arc-boot-inner-b']);
  });

  test('fails at once when a container exits, with its exit code, the last probe and its log', async () => {
    const exiting = box('boot-exit', 18103, ['-exit-after=-1s', '-exit-code=3', '-log=one|two'], {
      restart: 'no',
    });
    // A boot that waited for its deadline would not end within the test's limit.
    const deadlineMilliseconds = 3_600_000;
    const [problem, ...others] = await problemsOf(bench.up([exiting], { deadlineMilliseconds }));
    expect(others).toEqual([]);
    expect(problem).toMatchObject({
      code: 'container-exited',
      message: 'arc-boot-exit exited with 3 before it was healthy.',
      suggestion: 'arc logs boot-exit',
    });
    expect(problem?.detail).toEqual(expect.arrayContaining(['log: one', 'log: two']));
  });
});

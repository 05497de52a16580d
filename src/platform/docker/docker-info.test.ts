import type Docker from 'dockerode';
import { describe, expect, test } from 'vitest';
import { infoOf, runningOf } from './docker-info.ts';
import type { EngineContainer } from './engine.ts';

/** Answers with a number that says which call it was, and fails the first ones. */
function engine(options: { failures: number }): { docker: Docker; calls: () => number } {
  let calls = 0;
  const info = async () => {
    calls += 1;
    if (calls <= options.failures) throw new Error('busy');
    return { NCPU: calls, SystemTime: '2026-11-21T11:35:08.5Z' };
  };
  return { docker: { info } as unknown as Docker, calls: () => calls };
}

describe('what the Engine says of itself', () => {
  test('is asked once, however many want to know at the same time', async () => {
    const { docker, calls } = engine({ failures: 0 });
    const info = infoOf(docker);
    const [first, second] = await Promise.all([info(), info()]);
    expect(first).toBe(second);
    expect(await info()).toMatchObject({ NCPU: 1, clock: { engine: Date.parse('2026-11-21T11:35:08.5Z') } });
    expect(calls()).toBe(1);
  });

  test('is asked again where no answer came', async () => {
    const { docker } = engine({ failures: 1 });
    const info = infoOf(docker);
    await expect(info()).rejects.toThrow('describe itself');
    expect(await info()).toMatchObject({ NCPU: 2 });
  });
});

test('a container that is paused holds its ports, and one that has ended does not', () => {
  const held = [{ protocol: 'tcp', bind: '0.0.0.0', first: 80, last: 80 }] as const;
  const container = (name: string, state: EngineContainer['state']): EngineContainer => ({
    ...{ id: name, name, state, held, labels: { 'arc.project': 'shop' } },
    ...{ image: 'x', imageId: 'x', networks: [], mounts: [] },
  });
  expect(runningOf([container('a', 'running'), container('b', 'paused'), container('c', 'exited')])).toEqual([
    { name: 'a', project: 'shop', ports: held },
    { name: 'b', project: 'shop', ports: held },
  ]);
});

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openStage, type Stage } from '../support/stage.ts';

// realtime has its configuration with the gateway or without it, whatever the command names.

const bases = ['--bases', 'local'];
type Step = { id: string; verb: string; on: string };
type Event = { type: string; id: string; phase?: string; data: unknown };

describe('a dependency that counts only when it is present', () => {
  let stage: Stage;

  beforeAll(async () => {
    stage = await openStage();
    await stage.succeed(['up', 'realtime', 'gateway', ...bases, '--yes']);
  });
  afterAll(() => stage.close());

  const plan = async (...args: string[]) => (await stage.succeed(['plan', ...args, ...bases])).stdout;
  const events = (stdout: string) => stdout.split('\n').map((line) => JSON.parse(line) as Event);
  const changed = async (): Promise<readonly string[]> => {
    const { stdout } = await stage.arc(['health', '--shallow', '--json']);
    const { data } = events(stdout).at(-1) ?? expect.unreachable(stdout);
    const { containers } = data as { containers: { role: string; changed: readonly string[] }[] };
    return containers.filter((one) => one.changed.length > 0).map(({ role }) => role);
  };

  it('holds for every command while it has a container', async () => {
    expect(await changed()).toEqual([]);
    expect(await plan()).toBe('nothing to do');
    expect(await plan('realtime')).toBe('nothing to do');
    expect(await plan('gateway')).toBe('nothing to do');
    const { stdout } = await stage.succeed(['up', 'realtime', ...bases, '--yes']);
    expect(stdout).toContain('Nothing to do');
  });

  it('holds while its container is stopped', async () => {
    await stage.engine.docker.getContainer('arc-gateway').stop();
    expect(await changed()).toEqual([]);
    expect(await plan('realtime')).toBe('nothing to do');
    expect(await plan('realtime', 'gateway')).toMatch(/^> container arc-gateway /);
    await stage.succeed(['up', 'realtime', 'gateway', ...bases, '--yes']);
  });

  it('asks what needs it again after a restart', async () => {
    const { stdout } = await stage.succeed(['restart', 'gateway', ...bases, '--yes', '--json']);
    const asked = events(stdout).filter(({ id, phase }) => (id ?? '').startsWith('ask ') && phase === 'done');
    expect(asked.map(({ id }) => id)).toContain('ask container/arc-realtime');
  });

  it('reloads a changed route by the steps of the plan and no others', async () => {
    const file = 'services/realtime/service.yaml';
    stage.workspace.edit(file, '{ host: livekit, port: http }', '{ host: rooms, port: http }');
    const printed = await plan('realtime', 'gateway');
    expect(printed.split('\n')).toEqual([
      expect.stringMatching(/^~ config \S+\/dynamic\/routes\.yaml {2}\(out of date\)$/),
      expect.stringMatching(/^~ container arc-gateway {2}\(reloaded, not restarted: \S+\/dynamic changes\)$/),
    ]);
    const { stdout: planned } = await stage.succeed(['plan', 'realtime', 'gateway', ...bases, '--json']);
    const { steps } = (events(planned).at(-1) ?? expect.unreachable(planned)).data as { steps: Step[] };
    expect(steps.map(({ verb }) => verb)).toContain('reload');
    const { stdout } = await stage.succeed(['up', 'realtime', 'gateway', ...bases, '--yes', '--json']);
    const ids = new Set(steps.map(({ id }) => id));
    const done = events(stdout).filter(({ type, phase }) => type === 'step' && phase === 'done');
    expect(done.map(({ id }) => id).toSorted()).toEqual([...ids].toSorted());
    expect(await plan('realtime', 'gateway')).toBe('nothing to do');
  });

  it('ends with `--without`, and with `arc down` of the other one', async () => {
    const without = ['realtime', '--without', 'gateway'];
    expect(await plan(...without)).toContain('~ container arc-realtime  (config changed: config');
    await stage.succeed(['down', 'gateway', '--yes']);
    expect(await changed()).toEqual(['realtime']);
    expect(await plan('realtime')).toContain('~ container arc-realtime  (config changed: config');
    await stage.succeed(['up', 'think', ...bases, '--yes']);
    expect(await changed()).toEqual([]);
    expect(await plan()).toBe('nothing to do');
    expect(Object.keys(await stage.engine.containers())).toHaveLength(5);
  });
});

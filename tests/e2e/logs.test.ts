import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openStage, type Stage } from '../support/stage.ts';
import { until } from '../support/until.ts';

// Redis writes a dozen lines whenever it starts, so a restart of it is something to look for.

const bases = ['--bases', 'local'];
type Event = {
  type: string;
  container?: string;
  time?: string;
  line?: string;
  level?: string;
  problem?: { code: string; message: string };
};

describe('the logs of all containers', () => {
  let stage: Stage;

  beforeAll(async () => {
    stage = await openStage();
    await stage.succeed(['up', 'cache', 'telemetry', 'logs', ...bases, '--yes']);
  });
  afterAll(() => stage?.close());

  const container = (name: string) => stage.engine.docker.getContainer(`arc-${name}`);
  const search = async (...args: string[]): Promise<readonly Event[]> => {
    const { stdout } = await stage.succeed(['logs', ...args, '--json']);
    return stdout.split('\n').map((line) => JSON.parse(line) as Event);
  };
  const gaps = async () =>
    (await search('--query', 'ready')).filter(({ problem }) => problem?.code === 'log-gap');
  /** A search by level finds only what is kept, and none of the lines that the Engine alone has. */
  const arrive = (after: string) =>
    until({
      what: `the lines of a start after ${after}`,
      ask: async () => {
        const found = await search('--query', 'READY to accept', '--level', 'info', '--role', 'cache');
        return found.some(({ type, time = '' }) => type === 'log' && time > after);
      },
    });
  const lines = (events: readonly Event[]) => events.filter(({ type }) => type === 'log');
  /** Its port accepts connections before it listens, and what is sent to it by then is lost. */
  const collects = () =>
    until({
      what: 'a Collector that listens',
      ask: async () => (await stage.arc(['health', 'telemetry', '--shallow'])).exitCode === 0,
    });
  const now = () => new Date().toISOString();
  const restartCache = () => stage.succeed(['restart', 'cache', ...bases, '--yes']);

  it('are searched by text, role and level, and are those that the Engine has', async () => {
    const began = now();
    await restartCache();
    await arrive(began);
    const warnings = lines(await search('--level', 'warn', '--since', '2d'));
    expect(warnings.map(({ level }) => level)).toContain('warn');
    expect(warnings.map(({ level }) => level)).not.toContain('info');
    expect(new Set(warnings.map((line) => line.container))).toEqual(new Set(['arc-cache']));
    const { stdout } = await stage.succeed(['logs', 'cache', '--tail', '1']);
    expect(stdout).toContain('Ready to accept connections');
    expect((await stage.succeed(['logs', '--query', 'no such words'])).stdout).toBe('');
  });

  it('come from the Engine, so that no container has its socket', async () => {
    const { HostConfig } = await container('cache').inspect();
    expect(HostConfig.LogConfig).toMatchObject({
      Type: 'fluentd',
      Config: { 'fluentd-async': 'true', mode: 'non-blocking', labels: 'arc.role,arc.service,arc.codename' },
    });
    for (const name of ['telemetry', 'logs']) {
      const { HostConfig: own, Mounts } = await container(name).inspect();
      expect(own.LogConfig?.Type).toBe('json-file');
      expect(JSON.stringify(Mounts)).not.toContain('docker.sock');
    }
  });

  it('are found by `arc health`, which sends one', async () => {
    const { stdout } = await stage.succeed(['health']);
    expect(stdout).toMatch(/✓ {2}telemetry line .* found after \d+ ms/);
    // Nobody sees it who does not ask for it.
    expect(lines(await search('--query', 'arc health'))).toEqual([]);
  });

  it('keep nothing from starting and stopping while nobody collects them, and are searched all the same', async () => {
    const began = now();
    await container('telemetry').kill();
    await restartCache();
    await stage.succeed(['up', 'cache', ...bases, '--yes']);
    await container('telemetry').start();
    await collects();
    // The Engine connects again by itself.
    await stage.succeed(['exec', 'cache', 'sh', '-c', '. /etc/arc/redis-cli.env && redis-cli bgsave']);
    await until({
      what: 'a line that was written afterwards',
      ask: async () => lines(await search('--query', 'background saving', '--level', 'info')).length > 0,
    });
    // What it could not send is found where it is.
    await until({
      what: 'the lines of the start',
      ask: async () => lines(await search('--query', 'ready to accept', '--since', began)).length > 0,
    });
  });

  it('keep nothing from starting and stopping while whoever collects them does nothing', async () => {
    const began = now();
    await container('telemetry').pause();
    try {
      await restartCache();
      await stage.succeed(['up', 'cache', ...bases, '--yes']);
    } finally {
      await container('telemetry').unpause();
    }
    await arrive(began);
  });

  it('wait while nothing keeps them, and nothing is lost', async () => {
    const began = now();
    await container('logs').stop();
    await restartCache();
    const { exitCode, stderr } = await stage.arc(['logs', '--query', 'x']);
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/^error\[no-log-store\]/);
    await container('logs').start();
    const notices = (events: readonly Event[]) =>
      lines(events).flatMap(({ line = '', time }) => (line.includes(' * ') ? [time] : []));
    const written = notices(await search('cache', '--since', began));
    expect(written.length).toBeGreaterThan(5);
    await until({
      what: `all ${written.length} lines`,
      ask: async () => {
        const kept = notices(await search('cache', '--level', 'info', '--since', began));
        return written.every((time) => kept.includes(time));
      },
    });
  });

  it('are missed where they were lost on the way: counted, and shown in their place', async () => {
    const before = await gaps();
    // What it got in the last seconds may be lost with it, too: it was in memory.
    await container('logs').kill();
    await restartCache();
    await container('telemetry').kill();
    await container('logs').start();
    await container('telemetry').start();
    await collects();
    const last = now();
    await restartCache();
    await arrive(last);
    const after = await until({
      what: 'another gap',
      ask: async () => {
        const found = await gaps();
        return found.length > before.length ? found : undefined;
      },
    });
    for (const { problem } of after)
      expect(problem?.message).toMatch(
        /^\d+ lines of arc-cache (at|from) .* did not arrive where logs are kept/,
      );
    const found = await search('--query', 'ready');
    const at = found.findLastIndex(({ type }) => type === 'warning');
    // Lines on both sides of it.
    expect(found.slice(0, at).some(({ type }) => type === 'log')).toBe(true);
    expect(found.slice(at).some(({ type }) => type === 'log')).toBe(true);
  });

  it('go to the Engine alone without what collects them, for which the plan recreates containers', async () => {
    const { stdout } = await stage.succeed(['plan', 'cache', '--without', 'telemetry', ...bases]);
    expect(stdout).toContain('~ container arc-cache  (config changed: logging)');
    await stage.succeed(['down', 'telemetry', 'logs', '--yes']);
    await stage.succeed(['up', 'cache', ...bases, '--yes']);
    expect((await container('cache').inspect()).HostConfig.LogConfig?.Type).toBe('json-file');
    const { stdout: again } = await stage.succeed(['plan', 'cache', 'telemetry', 'logs', ...bases]);
    expect(again).toContain('~ container arc-cache  (config changed: logging)');
  });
});

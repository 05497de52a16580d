import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type EngineProxy, openEngineProxy } from '../support/engine-proxy.ts';
import { eventsOf, type RunningArc, resultOf, untilLine } from '../support/run-arc.ts';
import { readData, writeData } from '../support/stack-data.ts';
import { openStage, type Stage } from '../support/stage.ts';
import { until } from '../support/until.ts';
import { testProject } from '../support/workspace.ts';

const core = ['storage', 'realtime', '--without', 'realtime-ingress', '--without', 'realtime-egress'];
const data = ['cache', 'storage'];

/** Names of the volumes that are the project's lock. */
async function lockVolumes(): Promise<readonly string[]> {
  const { Volumes } = await stage.engine.docker.listVolumes({
    filters: { label: [`arc.lock=${testProject}`] },
  });
  return Volumes.map(({ Name }) => Name);
}

let stage: Stage;
beforeAll(async () => {
  stage = await openStage({ settings: { media: 'mux' } });
  await stage.succeed(['images', 'build', ...core]);
});
afterAll(() => stage?.close());

/** Resolves when a running arc has reported an operation. */
function untilOperation(arc: RunningArc, id: string, phase: 'running' | 'done'): Promise<string> {
  return untilLine(
    arc.readable(),
    (line) => line.includes(`"id":"${id}"`) && line.includes(`"phase":"${phase}"`),
  );
}

/** Runs arc, and kills it the moment that it has done an operation. */
async function killAfter(args: readonly string[], id: string): Promise<void> {
  const arc = stage.start([...args, '--json']);
  await untilOperation(arc, id, 'done');
  arc.kill('SIGKILL');
  await arc;
}

/** The ids of what `arc plan` would do. */
async function plannedIds(selection: readonly string[]): Promise<string[]> {
  const { stdout } = await stage.succeed(['plan', ...selection, '--json']);
  return resultOf<{ steps: { id: string }[] }>(stdout).steps.map(({ id }) => id);
}

async function expectConverged(selection: readonly string[]): Promise<void> {
  await stage.succeed(['up', ...selection]);
  const { exitCode, stdout } = await stage.arc(['plan', ...selection, '--exit-code']);
  expect(stdout).toBe('nothing to do');
  expect(exitCode).toBe(0);
}

describe('up on an empty Engine, killed after an operation', () => {
  /** Only the first up writes them. */
  const files = [
    'create config/.arc/config/cache/redis-cli.env',
    'create config/.arc/config/cache/redis.conf',
    'create config/.arc/config/realtime/livekit.yaml',
    'create config/.arc/config/storage/minio.env',
  ];
  const operations = [
    'create network/arc_platform_net',
    'create volume/arc-cache-data',
    'create volume/arc-storage-data',
    'create container/arc-cache',
    'create container/arc-storage',
    'create container/arc-realtime',
    'create bucket/recordings',
    'start container/arc-cache',
    'start container/arc-storage',
    'start container/arc-realtime',
    'await container/arc-cache',
    'await container/arc-storage',
    'await container/arc-realtime',
  ];
  beforeEach(() => stage.engine.sweep());

  it('that is any of these', async () => {
    expect((await plannedIds(core)).sort()).toEqual([...files, ...operations].sort());
  });

  it.each(operations)('%s: the next up converges', async (operation) => {
    await killAfter(['up', ...core], operation);
    await expectConverged(core);
  });
});

describe('up that replaces every container, killed after an operation', () => {
  const operations = [
    'stop container/arc-cache',
    'stop container/arc-storage',
    'remove container/arc-cache',
    'remove container/arc-storage',
    'create container/arc-cache',
    'create container/arc-storage',
    'start container/arc-cache',
    'start container/arc-storage',
    'await container/arc-cache',
    'await container/arc-storage',
  ];
  let changes = 0;
  /** Makes both containers another one than it was. */
  const change = (): void => {
    changes += 1;
    const { workspace } = stage;
    for (const role of ['cache', 'storage']) {
      const file = `services/${role}/service.yaml`;
      workspace.write(file, workspace.read(file).replace(/memory: \w+/, `memory: ${500 + changes}m`));
    }
  };
  beforeAll(async () => {
    await stage.succeed(['clean', '--yes']);
    await stage.succeed(['up', ...data]);
    await writeData('kept');
  });
  beforeEach(change);

  it('that is any of these', async () => {
    expect((await plannedIds(data)).sort()).toEqual(operations.toSorted());
  });

  it.each(operations)('%s: the next up converges, with the data', async (operation) => {
    await killAfter(['up', ...data], operation);
    await expectConverged(data);
    expect(await readData()).toEqual({ key: 'kept', object: 'kept' });
  });
});

describe('up of what somebody has paused and stopped, killed after an operation', () => {
  beforeAll(async () => {
    await stage.succeed(['up', ...data]);
    await writeData('kept');
  });

  it.each(['unpause container/arc-storage', 'start container/arc-cache'])(
    '%s: the next up converges, with the data',
    async (operation) => {
      const { docker } = stage.engine;
      await docker.getContainer('arc-storage').pause();
      await docker.getContainer('arc-cache').stop();
      expect(await plannedIds(data)).toContain(operation);
      await killAfter(['up', ...data], operation);
      await expectConverged(data);
      expect(await readData()).toEqual({ key: 'kept', object: 'kept' });
    },
  );
});

describe('taking down, killed after an operation', () => {
  beforeEach(async () => {
    await stage.succeed(['up', ...data]);
    await writeData('kept');
  });

  it.each(['stop container/arc-cache', 'remove container/arc-storage'])(
    'down, %s: the next down removes the rest, and the data is kept',
    async (operation) => {
      await killAfter(['down'], operation);
      await stage.succeed(['down']);
      expect(await stage.engine.containers()).toEqual({});
      await stage.succeed(['up', ...data]);
      expect(await readData()).toEqual({ key: 'kept', object: 'kept' });
    },
  );

  it.each(['remove container/arc-cache', 'remove volume/arc-cache-data'])(
    'clean, %s: the next clean removes the rest',
    async (operation) => {
      await killAfter(['clean', '--yes'], operation);
      await stage.succeed(['clean', '--yes']);
      expect(await stage.engine.objects()).toEqual(['network arc_platform_net']);
      expect((await stage.succeed(['clean', '--yes'])).stdout).toBe('There is nothing to remove.');
    },
  );
});

describe('Ctrl-C', () => {
  let proxy: EngineProxy;
  beforeEach(async () => {
    proxy = await openEngineProxy();
    await stage.succeed(['down']);
  });
  afterEach(() => proxy?.close());

  /** Storage starts, but never answers as its probe wants. */
  async function withDeafStorage<Result>(use: () => Promise<Result>): Promise<Result> {
    const file = 'services/storage/service.yaml';
    const before = stage.workspace.read(file);
    stage.workspace.edit(file, 'path: /minio/health/cluster', 'path: /minio/health/never');
    try {
      return await use();
    } finally {
      stage.workspace.write(file, before);
    }
  }

  it.each(['SIGINT', 'SIGTERM'] as const)(
    'once (%s) stops waiting, says what runs, and leaves it running',
    async (signal) => {
      const { exitCode, stderr } = await withDeafStorage(async () => {
        const up = stage.start(['up', ...data]);
        const ready = untilLine(up.readable({ from: 'stderr' }), (line) => line.includes('cache healthy'));
        const waiting = untilLine(up.readable({ from: 'stderr' }), (line) =>
          line.includes('storage waiting until healthy: '),
        );
        await Promise.all([ready, waiting]);
        up.kill(signal);
        return up;
      });
      expect(exitCode).toBe(130);
      expect(stderr.slice(stderr.indexOf('error['))).toBe(
        [
          'error[interrupted]',
          '  Interrupted. What runs stays as it is.',
          '  running and ready: arc-cache',
          '  running, not ready yet: arc-storage',
          '  help: run the same command again to go on, or arc down',
        ].join('\n'),
      );
      const containers = await stage.engine.containers();
      expect(containers['arc-cache']?.state).toBe('running');
      expect(containers['arc-storage']?.state).toBe('running');
      expect(await lockVolumes()).toEqual([]);
      await expectConverged(data);
    },
  );

  it('once ends no call that is under way', async () => {
    const start = proxy.hold(/^POST .*\/containers\/arc-cache\/start/);
    const up = stage.start(['up', 'cache'], { environment: proxy.environment });
    await start.madeBy(up);
    up.kill('SIGINT');
    start.release();
    const { exitCode, stderr } = await up;
    expect(exitCode).toBe(130);
    expect(stderr).toContain('cache started');
    expect((await stage.engine.containers())['arc-cache']?.state).toBe('running');
  });

  it('twice ends at once, even while the Engine does not answer', async () => {
    const start = proxy.hold(/^POST .*\/containers\/arc-cache\/start/);
    const up = stage.start(['up', 'cache', '--json'], { environment: proxy.environment });
    await start.madeBy(up);
    // A signal that comes before the first was seen counts as one with it.
    let ended = false;
    void up.then(() => {
      ended = true;
    });
    await until({ what: 'the end', ask: () => ended || !up.kill('SIGINT') });
    const { exitCode, signal, stdout } = await up;
    expect({ exitCode, signal }).toEqual({ exitCode: 130, signal: undefined });
    expect(eventsOf(stdout).some(({ type }) => type === 'result')).toBe(false);
    start.release();
    await expectConverged(['cache']);
  });

  it('in the middle of down: the next down removes the rest', async () => {
    await stage.succeed(['up', ...data]);
    const stop = proxy.hold(/^POST .*\/containers\/\w+\/stop/);
    const down = stage.start(['down'], { environment: proxy.environment });
    await stop.madeBy(down);
    down.kill('SIGINT');
    stop.release();
    const { exitCode, stderr } = await down;
    expect(exitCode).toBe(130);
    expect(stderr).toContain('error[interrupted]');
    expect(Object.keys(await stage.engine.containers())).not.toEqual([]);
    await stage.succeed(['down']);
    expect(await stage.engine.containers()).toEqual({});
  });
});

describe('the lock of the project', () => {
  it('that a killed process has left is no obstacle', async () => {
    await stage.succeed(['down']);
    await killAfter(['up', ...data], 'create container/arc-cache');
    expect(await lockVolumes()).toHaveLength(1);
    await stage.succeed(['down']);
    expect(await lockVolumes()).toEqual([]);
  });

  it('of a process that lives keeps every other from changing anything, and names the process', async () => {
    await stage.succeed(['down']);
    const first = stage.start(['up', ...data, '--json']);
    await untilOperation(first, 'create container/arc-cache', 'done');
    first.kill('SIGSTOP');
    const others = [];
    for (const command of ['up', 'down', 'restart', 'clean --yes', 'nuke --force'])
      others.push(await stage.arc(command.split(' ')));
    first.kill('SIGCONT');
    expect((await first).exitCode).toBe(0);
    for (const { exitCode, stderr } of others) {
      expect(exitCode).toBe(1);
      expect(stderr).toContain('error[locked]');
      expect(stderr).toContain(`is being changed by \`arc up\`, process ${first.pid} of `);
    }
    await expectConverged(data);
  });

  it('keeps nobody from looking', async () => {
    await stage.succeed(['down']);
    const first = stage.start(['up', ...data, '--json']);
    await untilOperation(first, 'create container/arc-cache', 'done');
    first.kill('SIGSTOP');
    const looks = await Promise.all([['status'], ['plan', ...data]].map((command) => stage.arc(command)));
    first.kill('SIGCONT');
    expect((await first).exitCode).toBe(0);
    expect(looks.map(({ exitCode }) => exitCode)).toEqual([0, 0]);
  });
});

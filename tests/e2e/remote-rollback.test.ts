import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type FarMachine, farMachineNeeds, startFarMachine } from '../support/far-machine/machine.ts';
import { startFarRegistry } from '../support/far-machine/registry.ts';
import { needs } from '../support/needs.ts';
import { type PushedRelease, pushRelease } from '../support/released-image.ts';
import { runArc } from '../support/run-arc.ts';
import { makeWorkspace, type TestWorkspace } from '../support/workspace.ts';

// Each test goes on where the last one ended.

const needed = needs(...farMachineNeeds, 'docker-registry');
const minute = 60_000;

describe('arc rollback on an Engine over SSH', needed, () => {
  let workspace: TestWorkspace;
  let far: FarMachine;
  let registry: Awaited<ReturnType<typeof startFarRegistry>>;
  let first: PushedRelease;
  let second: PushedRelease;

  beforeAll(async () => {
    if (needed.skip) return;
    far = await startFarMachine();
    workspace = makeWorkspace();
    registry = await startFarRegistry({ far, folder: workspace.path('registry') });
    workspace.edit('services/cache/service.yaml', 'ghcr.io/arc-framework/arc-cache:', `${repository()}:`);
    await succeed(['up', 'cache']);
    first = await push('v0.1.0', '1');
    second = await push('v0.2.0', '2');
  }, 5 * minute);
  afterAll(async () => {
    await registry?.close();
    await far?.close();
    workspace?.remove();
  });

  const repository = () => `${registry.address}/arc-framework/arc-cache`;

  async function push(version: string, digit: string): Promise<PushedRelease> {
    const { docker } = far.engine;
    const { Config } = await docker.getImage(`${repository()}:latest`).inspect();
    return pushRelease({
      docker,
      repository: repository(),
      version,
      revision: digit.repeat(40),
      dockerfile: workspace.read('services/cache/Dockerfile'),
      base: Config.Labels['arc.base.id'] ?? '',
    });
  }

  async function succeed(args: readonly string[]) {
    const ran = await runArc(args, {
      cwd: workspace.root,
      before: far.before,
      environment: { ...far.environment, DOCKER_HOST: 'ssh://farbox' },
    });
    expect(ran.exitCode, `arc ${args.join(' ')}\n${ran.output}`).toBe(0);
    return ran;
  }

  const running = async () => {
    const { Config, State } = await far.engine.docker.getContainer('arc-cache').inspect();
    return { image: Config.Image, state: State.Status };
  };
  const redis = async (command: string) =>
    (await succeed(['exec', 'cache', 'sh', '-c', `. /etc/arc/redis-cli.env && redis-cli ${command}`])).stdout;

  it('shows its plan with --dry-run, and changes nothing', async () => {
    const before = await running();
    const { stdout } = await succeed(['rollback', 'cache', '--dry-run']);
    expect(stdout).toContain(`cache: no release → v0.2.0 (commit ${'2'.repeat(12)})`);
    expect(await running()).toEqual(before);
  });

  it('replaces the container with that of the release, which that Engine pulls, and keeps the data', async () => {
    await redis('set arc-test kept');
    const { stdout } = await succeed(['rollback', 'cache', '--yes']);
    expect(stdout).toContain('cache runs v0.2.0');
    expect(await running()).toEqual({ image: `${repository()}@${second.digest}`, state: 'running' });
    expect(await redis('get arc-test')).toContain('kept');
  });

  it('goes one release further back the next time', async () => {
    await succeed(['rollback', 'cache', '--yes']);
    expect(await running()).toEqual({ image: `${repository()}@${first.digest}`, state: 'running' });
  });

  it('is undone by arc up, with the config files and the data', async () => {
    await succeed(['up', 'cache', '--yes']);
    expect(await running()).toEqual({ image: `${repository()}:latest`, state: 'running' });
    expect(await redis('get arc-test')).toContain('kept');
    expect((await succeed(['plan', 'cache'])).stdout).toContain('nothing to do');
  });
});

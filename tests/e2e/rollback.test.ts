import { execFileSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type EngineProxy, openEngineProxy } from '../support/engine-proxy.ts';
import { needs } from '../support/needs.ts';
import { type RegistryServer, startRegistry } from '../support/registry.ts';
import { type PushedRelease, pushRelease } from '../support/released-image.ts';
import { launcher, resultOf, untilLine } from '../support/run-arc.ts';
import { readData, writeData } from '../support/stack-data.ts';
import { openStage, type Stage } from '../support/stage.ts';
import { onTerminal } from '../support/terminal.ts';

const core = ['realtime', '--without', 'realtime-ingress', '--without', 'realtime-egress'];
const commits = { first: '1'.repeat(40), second: '2'.repeat(40), third: '3'.repeat(40) };

type Status = {
  containers: { role: string; state: string; base: string | null; release: PushedRelease | null }[];
};

describe('arc rollback', needs('docker-registry'), () => {
  let stage: Stage;
  let registry: RegistryServer;
  const releases: Record<string, PushedRelease> = {};

  beforeAll(async () => {
    stage = await openStage({ settings: { media: 'mux' } });
    registry = await startRegistry({ folder: stage.workspace.path('registry'), auth: false });
    for (const role of ['cache', 'realtime']) {
      const file = join('services', role, 'service.yaml');
      stage.workspace.edit(file, `ghcr.io/arc-framework/arc-${role}:`, `${imageOf(role)}:`);
    }
  });
  afterAll(async () => {
    await registry?.close();
    await stage?.close();
  });

  const imageOf = (role: string) => `${registry.address}/arc-framework/arc-${role}`;
  const release = (role: string, version: string): PushedRelease => {
    const pushed = releases[`${role} ${version}`];
    if (pushed === undefined) throw new Error(`${version} of ${role} was not pushed`);
    return pushed;
  };

  /** Releases a service whose wrapper is on the Engine, from the same base. */
  async function push(
    role: string,
    version: string,
    revision: string,
    change: { change?: string; labelled?: string } = {},
  ): Promise<void> {
    const { docker } = stage.engine;
    const { Config } = await docker.getImage(`${imageOf(role)}:latest`).inspect();
    releases[`${role} ${version}`] = await pushRelease({
      docker,
      repository: imageOf(role),
      version,
      revision,
      dockerfile: stage.workspace.read(join('services', role, 'Dockerfile')),
      base: Config.Labels['arc.base.id'] ?? '',
      ...change,
    });
  }

  /** What a command that changes nothing leaves as it is; the Engine's own opinion of health may change by itself. */
  async function whatRuns() {
    const containers = await stage.engine.containers();
    return Object.entries(containers).map(([name, { id, state, startedAt }]) => ({
      name,
      id,
      state,
      startedAt,
    }));
  }

  /** Fails, says nothing on standard output, and leaves what runs alone. */
  async function refused(args: readonly string[], status: number): Promise<string> {
    const before = await whatRuns();
    const { exitCode, stdout, stderr } = await stage.arc(args);
    expect(exitCode, stderr).toBe(status);
    expect(stdout).toBe('');
    expect(await whatRuns()).toEqual(before);
    return stderr;
  }

  async function statusOf(role: string) {
    const { stdout } = await stage.succeed(['status', '--json']);
    return resultOf<Status>(stdout).containers.find((container) => container.role === role);
  }

  /** The container runs exactly this release, by the registry's own digest, and is healthy. */
  async function expectRelease(role: string, version: string): Promise<void> {
    const { digest, revision, repository } = release(role, version);
    const { Config } = await stage.engine.docker.getContainer(`arc-${role}`).inspect();
    expect(Config.Image).toBe(`${repository}@${digest}`);
    expect(await statusOf(role)).toMatchObject({
      state: 'running',
      base: null,
      release: { version, revision, digest },
    });
  }

  const released = async () =>
    (
      await stage.engine.docker.listImages({
        filters: { reference: [imageOf('cache'), imageOf('realtime')] },
      })
    )
      .flatMap(({ RepoDigests }) => RepoDigests ?? [])
      .sort();

  describe('of a service that has never run here', () => {
    it('has nothing to do with it', async () => {
      const stderr = await refused(['rollback', 'cache', 'v0.1.0', '--yes'], 1);
      expect(stderr).toContain('error[nothing-to-roll-back]');
      expect(stderr).toContain('help: arc up cache');
    });

    it('and of what is no service says what to name', async () => {
      const sidecar = await refused(['rollback', 'realtime-egress', '--yes'], 2);
      expect(sidecar).toContain('realtime-egress is a container of realtime, and is released with it.');
      expect(await refused(['rollback', 'think', '--yes'], 2)).toContain('error[not-a-service]');
      expect(await refused(['rollback', 'cach', '--yes'], 2)).toContain('did you mean `cache`?');
    });
  });

  describe('of a service that runs', () => {
    // Where images are in containerd's store, one that is made here has a digest too.
    let madeHere: readonly string[];
    beforeAll(async () => {
      await stage.succeed(['up', 'cache']);
      madeHere = await released();
    });

    it('is told where nothing is released yet', async () => {
      const stderr = await refused(['rollback', 'cache', '--yes'], 1);
      expect(stderr).toContain('error[no-release]\n  There is no release of cache in the registry.');
    });

    it('with releases: prints its plan with --dry-run, and touches nothing', async () => {
      await push('cache', 'v0.1.0', commits.first);
      await push('cache', 'v0.2.0', commits.second);
      await push('cache', 'v0.3.0-rc.1', commits.third);
      const before = [await whatRuns(), await released()];
      const { stdout } = await stage.succeed(['rollback', 'cache', '--dry-run']);
      expect(stdout).toBe(
        [
          `cache: no release → v0.2.0 (commit ${commits.second.slice(0, 12)})`,
          `+ image ${imageOf('cache')}@${release('cache', 'v0.2.0').digest}  (not on this Engine)`,
          '~ container arc-cache  (config changed: image)',
        ].join('\n'),
      );
      expect([await whatRuns(), await released()]).toEqual(before);
    });

    it('wants a yes where there is no terminal to ask on', async () => {
      const { id } = (await stage.engine.containers())['arc-cache'] ?? {};
      const { exitCode, stdout, stderr } = await stage.arc(['rollback', 'cache', 'v0.1.0']);
      expect(exitCode).toBe(2);
      expect(stdout).toContain('~ container arc-cache  (config changed: image)');
      expect(stderr).toContain('error[needs-consent]');
      expect(stderr).toContain('Roll cache back to v0.1.0?\n  help: add --yes to say yes');
      expect((await stage.engine.containers())['arc-cache']?.id).toBe(id);
      expect(await released()).toEqual(madeHere);
    });

    it('asks on a terminal, and a no changes nothing', async () => {
      const before = await whatRuns();
      const asked = await onTerminal({
        command: `${launcher} rollback cache v0.1.0`,
        cwd: stage.workspace.root,
        columns: 200,
        environment: stage.environment,
        typed: 'n\n',
      });
      expect(asked.exitCode).toBe(130);
      expect(asked.lines).toContain('~ container arc-cache  (config changed: image)');
      expect(asked.lines.join('\n')).toContain('Roll cache back to v0.1.0?');
      expect(await whatRuns()).toEqual(before);
      expect(await released()).toEqual(madeHere);
    });

    it('goes to the newest release first, and keeps the data', async () => {
      await stage.succeed(['up', 'cache', 'storage']);
      await writeData('kept');
      const { stdout } = await stage.succeed(['rollback', 'cache', '--yes']);
      expect(stdout).toContain(`cache runs v0.2.0 (commit ${commits.second.slice(0, 12)}), healthy after `);
      expect(stdout).toContain('`arc up cache` returns to the images in the manifests.');
      await expectRelease('cache', 'v0.2.0');
      expect((await readData()).key).toBe('kept');
    });

    it('goes one release further back each time, and says when there is none', async () => {
      await stage.succeed(['rollback', 'cache', '--yes']);
      await expectRelease('cache', 'v0.1.0');
      const stderr = await refused(['rollback', 'cache', '--yes'], 1);
      expect(stderr).toContain(
        'error[no-earlier-release]\n  There is no release of cache before v0.1.0, which runs.\n  released: v0.3.0-rc.1, v0.2.0\n',
      );
      expect((await readData()).key).toBe('kept');
    });

    it('has nothing to do the second time', async () => {
      const before = (await stage.engine.containers())['arc-cache'];
      const { stdout } = await stage.succeed(['rollback', 'cache', 'v0.1.0']);
      expect(stdout).toMatch(/^Nothing to do: cache runs v0\.1\.0 /);
      expect((await stage.engine.containers())['arc-cache']).toMatchObject({
        id: before?.id,
        startedAt: before?.startedAt,
      });
    });

    it('is seen in status and images', async () => {
      const status = await stage.succeed(['status', 'cache']);
      expect(status.stdout).toMatch(/^arc-cache +sonic +running +\S+ +.* release v0\.1\.0 /m);
      const images = await stage.succeed(['images', 'cache']);
      const digest = release('cache', 'v0.1.0').digest.replace('sha256:', '').slice(0, 12);
      expect(images.stdout).toMatch(
        new RegExp(`^cache +${imageOf('cache')} +release v0\\.1\\.0 +${digest} `, 'm'),
      );
    });

    it('of an unknown version lists those that there are; of a pre-release wants its name', async () => {
      const unknown = await refused(['rollback', 'cache', 'v0.9.9', '--yes'], 2);
      expect(unknown).toContain(
        'error[unknown-release]\n  There is no release v0.9.9 of cache.\n  released: v0.3.0-rc.1, v0.2.0, v0.1.0\n',
      );
      expect(await refused(['rollback', 'cache', 'newest', '--yes'], 2)).toContain('error[bad-version]');
      const { stdout } = await stage.succeed(['rollback', 'cache', 'v0.3.0-rc.1', '--yes', '--json']);
      expect(resultOf(stdout)).toMatchObject({
        service: 'cache',
        version: 'v0.3.0-rc.1',
        revision: commits.third,
        from: [{ role: 'cache', version: 'v0.1.0' }],
        dryRun: false,
        changed: true,
        containers: [{ role: 'cache', digest: release('cache', 'v0.3.0-rc.1').digest }],
      });
      await expectRelease('cache', 'v0.3.0-rc.1');
    });

    it('refuses a version tag on an image of another version', async () => {
      await push('cache', 'v0.5.0', commits.first, { labelled: 'v0.1.0' });
      const stderr = await refused(['rollback', 'cache', 'v0.5.0', '--yes'], 1);
      expect(stderr).toContain('error[release-inconsistent]');
      expect(stderr).toContain(`${imageOf('cache')}:v0.5.0 for linux/`);
      expect(stderr).toContain(`: version v0.1.0, commit ${commits.first}`);
    });

    it('takes for released what has a git tag, where git has tags of the service', async () => {
      const git = (...args: string[]) => execFileSync('git', args, { cwd: stage.workspace.root });
      git('init', '--quiet');
      git(
        '-c',
        'user.name=A',
        '-c',
        'user.email=a@example.com',
        'commit',
        '--quiet',
        '--allow-empty',
        '-m',
        'x',
      );
      git('tag', 'cache/v0.1.0');
      const stderr = await refused(['rollback', 'cache', 'v0.2.0', '--yes'], 1);
      expect(stderr).toContain(
        [
          'error[release-incomplete]',
          '  The release v0.2.0 of cache was never finished: there is no git tag cache/v0.2.0.',
          '  released: v0.1.0',
          '  not finished: v0.5.0, v0.3.0-rc.1, v0.2.0',
        ].join('\n'),
      );
      const { stdout } = await stage.succeed(['rollback', 'cache', '--dry-run']);
      expect(stdout).toContain(`cache: v0.3.0-rc.1 → v0.1.0 (commit ${commits.first.slice(0, 12)})`);
      rmSync(stage.workspace.path('.git'), { recursive: true });
    });

    it('is undone by an up, which says why, and keeps the data', async () => {
      const plan = await stage.succeed(['plan', 'cache']);
      expect(plan.stdout).toBe('~ container arc-cache  (config changed: image)');
      await stage.succeed(['up', 'cache']);
      expect(await statusOf('cache')).toMatchObject({ release: null, base: 'local' });
      expect((await readData()).key).toBe('kept');
    });
  });

  describe('to a release that does not work', () => {
    it('says so, with the reason and the way forward', async () => {
      const broken = "printf '#!/bin/sh\\necho does not work >&2\\nexit 3\\n' > /usr/bin/redis-server";
      await push('cache', 'v0.0.1', commits.first, { change: `USER 0\nRUN ${broken}\nUSER 65532:65532` });
      await stage.succeed(['rollback', 'cache', 'v0.1.0', '--yes']);
      const { exitCode, stderr } = await stage.arc(['rollback', 'cache', 'v0.0.1', '--yes']);
      expect(exitCode).toBe(1);
      expect(stderr).toContain('error[container-crash-loop]');
      expect(stderr).toContain('log: does not work');
      expect(stderr).toContain(
        'error[rollback-failed]\n  cache does not run as it should on v0.0.1. Data is kept.\n  help: arc up cache returns to the images in the manifests; arc rollback cache v0.1.0 to the release that ran before',
      );
      await stage.succeed(['rollback', 'cache', 'v0.1.0', '--yes']);
      expect((await readData()).key).toBe('kept');
    });
  });

  describe('that is interrupted', () => {
    const command = ['rollback', 'cache', 'v0.1.0', '--yes'];
    const operations = ['stop', 'remove', 'create', 'start'];
    let proxy: EngineProxy;
    beforeEach(async () => {
      await stage.succeed(['up', 'cache']);
      proxy = await openEngineProxy();
    });
    afterEach(() => proxy.close());

    /** Kills a rollback as soon as it says something. */
    async function killAt(matches: (line: string) => boolean): Promise<void> {
      const arc = stage.start([...command, '--json']);
      await untilLine(arc.readable(), matches);
      arc.kill('SIGKILL');
      await arc;
    }

    it.each(operations)('by a kill after %s: the same command converges', async (operation) => {
      await killAt(
        (line) => line.includes(`"id":"${operation} container/arc-cache"`) && line.includes('"phase":"done"'),
      );
      await stage.succeed(command);
      await expectRelease('cache', 'v0.1.0');
      expect((await readData()).key).toBe('kept');
    });

    it('by a kill before the pull was done: the same command converges', async () => {
      const reference = `${imageOf('cache')}@${release('cache', 'v0.1.0').digest}`;
      await stage.engine.docker.getImage(reference).remove();
      await killAt((line) => line.includes(`"id":"pull:${reference}"`));
      await stage.succeed(command);
      await expectRelease('cache', 'v0.1.0');
    });

    it('by Ctrl-C: says which version to go on with, for without one it would go further back', async () => {
      const create = proxy.hold(/^POST \S+\/containers\/create/);
      const arc = stage.start(command, { environment: proxy.environment });
      await create.madeBy(arc);
      arc.kill('SIGINT');
      create.release();
      const { exitCode, stderr } = await arc;
      expect(exitCode).toBe(130);
      expect(stderr).toContain('  was running, is stopped now: arc-cache\n');
      expect(stderr).toContain(
        'help: arc rollback cache v0.1.0 continues; arc up cache returns to the images',
      );
      const relative = await refused(['rollback', 'cache', '--yes'], 2);
      expect(relative).toContain('error[version-needed]');
      await stage.succeed(command);
      await expectRelease('cache', 'v0.1.0');
    });
  });

  describe('of a service that needs another', () => {
    beforeAll(async () => {
      await stage.succeed(['up', ...core]);
      await push('realtime', 'v0.1.0', commits.first);
    });
    let pristine: string;
    beforeEach(() => {
      pristine = stage.workspace.read('services/cache/service.yaml');
    });
    afterEach(() => stage.workspace.write('services/cache/service.yaml', pristine));

    it('leaves that as it was made, and what was left out of every boot stays out', async () => {
      stage.workspace.edit('services/cache/service.yaml', 'memory: 256m', 'memory: 250m');
      const before = (await stage.engine.containers())['arc-cache'];
      await stage.succeed(['rollback', 'realtime', '--yes']);
      await expectRelease('realtime', 'v0.1.0');
      const now = await stage.engine.containers();
      expect(now['arc-cache']).toMatchObject({ id: before?.id, startedAt: before?.startedAt });
      expect(Object.keys(now).filter((name) => name.startsWith('arc-realtime'))).toEqual(['arc-realtime']);
      await stage.succeed(['health', ...core]);
    });

    it('refuses a release that lacks one of its images, which is named', async () => {
      const file = 'services/realtime/service.yaml';
      const manifest = stage.workspace.read(file);
      const sidecar = imageOf('realtime-ingress');
      stage.workspace.edit(file, 'ghcr.io/arc-framework/arc-realtime-ingress:', `${sidecar}:`);
      // As if the sidecar had run here before.
      const { docker } = stage.engine;
      await docker.getImage(`${imageOf('realtime')}:latest`).tag({ repo: sidecar, tag: 'latest' });
      try {
        const stderr = await refused(['rollback', 'realtime', 'v0.1.0', '--yes'], 1);
        expect(stderr).toContain(
          `error[release-incomplete]\n  v0.1.0 of realtime is incomplete: the registry lacks ${sidecar} in this version.\n`,
        );
      } finally {
        await docker.getImage(`${sidecar}:latest`).remove();
        stage.workspace.write(file, manifest);
      }
    });

    it('starts that where it does not run', async () => {
      await stage.engine.docker.getContainer('arc-cache').stop();
      await stage.succeed(['rollback', 'realtime', 'v0.1.0', '--yes']);
      expect((await stage.engine.containers())['arc-cache']?.state).toBe('running');
    });
  });

  describe('while the registry is away', () => {
    it('fails at once, and stops nothing', async () => {
      await stage.succeed(['up', 'cache']);
      await registry.close();
      const stderr = await refused(['rollback', 'cache', 'v0.2.0', '--yes'], 1);
      expect(stderr).toContain('error[registry-unreachable]');
      expect(stderr).toContain(registry.address);
    });
  });

  describe('and nuke', () => {
    it('removes the images that were pulled, too', async () => {
      expect(await released()).not.toEqual([]);
      await stage.succeed(['nuke', '--force']);
      const left = await stage.engine.docker.listImages({
        filters: { reference: [imageOf('cache'), imageOf('realtime')] },
      });
      expect(left).toEqual([]);
    });
  });
});

import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openRegistryClient, type RegistryClient } from '../../src/registry/client.ts';
import { readImage } from '../../src/registry/image.ts';
import { type ReadStep, readWorkflow } from '../fixtures/workflows.ts';
import { type BuildKit, buildKitNeeds, startBuildKit } from '../support/buildkit.ts';
import { type ImageWorkspace, makeImageWorkspace, pushTestBase } from '../support/image-workspace.ts';
import { needs } from '../support/needs.ts';
import { type RegistryServer, registryPassword, registryUser, startRegistry } from '../support/registry.ts';
import { launcher, runArc } from '../support/run-arc.ts';

// The commands of a generated workflow, run here one after the other as a runner does it, against a real registry that
// wants a login. What its actions install is there already.

let folder: string;
let hub: RegistryServer;
let registry: RegistryServer;
let buildkit: BuildKit;
let workspace: ImageWorkspace;
let client: RegistryClient;
let commit: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'arc-workflow-'));
  hub = await startRegistry({ folder: join(folder, 'hub'), auth: false });
  registry = await startRegistry({ folder: join(folder, 'registry'), auth: true });
  buildkit = await startBuildKit();
  const base = `${hub.address}/hub/testbox:1.0`;
  await pushTestBase({ buildkit, reference: base });
  workspace = await makeImageWorkspace({ registry: registry.address, base });
  const { exitCode, output } = await runArc(['images', 'lock'], { cwd: workspace.root });
  if (exitCode !== 0) throw new Error(output);
  commit = await workspace.commit('services');
  mkdirSync(join(folder, 'bin'));
  symlinkSync(launcher, join(folder, 'bin', 'arc'));
  // The test's own login; the workflow's ends up where the builder's configuration is.
  const auth = Buffer.from(`${registryUser}:${registryPassword}`).toString('base64');
  writeFileSync(join(folder, 'config.json'), JSON.stringify({ auths: { [registry.address]: { auth } } }));
  client = openRegistryClient({
    environment: { DOCKER_CONFIG: folder },
    signal: new AbortController().signal,
  });
});
afterAll(async () => {
  // What the build of a pull request leaves on the Engine.
  for (const image of [`${registry?.address}/arc-test/arc-front:latest`, `${hub?.address}/hub/testbox:1.0`])
    await execa('docker', ['image', 'rm', '--force', image], { reject: false });
  await client?.close();
  await buildkit?.close();
  await registry?.close();
  await hub?.close();
  workspace?.remove();
  if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
});

/** Runs a job of the workflow for an image. */
async function runJob(options: { job: string; image: string }): Promise<readonly string[]> {
  const { job, image } = options;
  const { jobs } = readWorkflow(workspace.read('.github/workflows/arc.yml'));
  const outputs: string[] = [];
  for (const step of jobs[job]?.steps ?? []) {
    // The version that wrote the workflow need not be published yet.
    if (step.run === undefined || step.name === 'Get arc') continue;
    const { all } = await execa('bash', ['-e', '-c', step.run], {
      cwd: workspace.root,
      env: {
        ...buildkit.environment,
        PATH: `${join(folder, 'bin')}:${process.env.PATH}`,
        ...valuesOf(step, image),
      },
      all: true,
    });
    outputs.push(all);
  }
  return outputs;
}

/** The values of a step's expressions, for a run of one image. */
function valuesOf({ env = {} }: ReadStep, image: string): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env).map(([name, value]) => {
      const [, expression = ''] = /^\$\{\{ (.*) \}\}$/.exec(value) ?? [];
      if (expression === 'matrix.image') return [name, image];
      if (/^secrets\.REGISTRY_\w+_USERNAME$/.test(expression)) return [name, registryUser];
      if (/^secrets\.REGISTRY_\w+_PASSWORD$/.test(expression)) return [name, registryPassword];
      throw new Error(`no value for ${value}`);
    }),
  );
}

const tagsOf = async (name: string): Promise<readonly string[]> =>
  await client.tags({ registry: registry.address, repository: `arc-test/${name}` });

describe('the workflow that builds images, run here', needs(...buildKitNeeds, 'docker-registry'), () => {
  it('builds for a pull request without a login, and pushes nothing', async () => {
    await runJob({ job: 'build', image: 'arc-front' });
    expect(await tagsOf('arc-front')).toEqual([]);
  });

  it('publishes an image of the commit for a push, for one platform, under no other name', async () => {
    await runJob({ job: 'publish', image: 'arc-front' });
    const tag = `sha-${commit.slice(0, 12)}`;
    expect(await tagsOf('arc-front')).toEqual([tag]);
    const image = await readImage({
      client,
      repo: { registry: registry.address, repository: 'arc-test/arc-front' },
      reference: tag,
    });
    expect(image?.platforms.map(({ platform }) => platform)).toEqual(['linux/amd64']);
    expect(image?.platforms[0]?.labels).toMatchObject({
      'org.opencontainers.image.revision': commit,
      'org.opencontainers.image.version': tag,
    });
    expect(await tagsOf('arc-front-worker')).toEqual([]);
  });

  it('run again, keeps what it has published', async () => {
    const outputs = await runJob({ job: 'publish', image: 'arc-front' });
    expect(outputs.at(-1)).toContain('kept');
  });

  it('shows no password', async () => {
    const outputs = await runJob({ job: 'publish', image: 'arc-front-worker' });
    expect(outputs.join('\n')).not.toContain(registryPassword);
    expect(await tagsOf('arc-front-worker')).toEqual([`sha-${commit.slice(0, 12)}`]);
  });
});

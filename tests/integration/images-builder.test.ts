import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type Docker from 'dockerode';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connectDocker, type DockerConnection } from '../../src/platform/docker/connect.ts';
import { openRegistryClient, type RegistryClient } from '../../src/registry/client.ts';
import { readImage } from '../../src/registry/image.ts';
import { promote } from '../../src/registry/promote.ts';
import { type BuildKit, buildKitNeeds, startBuildKit } from '../support/buildkit.ts';
import { readPage } from '../support/documents.ts';
import { type FaultProxy, startFaultProxy } from '../support/fault-proxy.ts';
import { type ImageWorkspace, makeImageWorkspace, pushTestBase } from '../support/image-workspace.ts';
import { needs } from '../support/needs.ts';
import { processesWith } from '../support/processes.ts';
import {
  freePort,
  type RegistryServer,
  registryPassword,
  registryUser,
  startRegistry,
} from '../support/registry.ts';
import { eventsOf, type Ran, resultOf, runArc, startArc } from '../support/run-arc.ts';
import { runIn } from './images-engine.ts';

// arc build and arc publish with a real BuildKit, a real registry that wants a login, and a proxy in front of it.
const canBuild = needs(...buildKitNeeds, 'docker-registry');
const both = ['linux/amd64', 'linux/arm64'];
const upstream = 'docker.io/arc-test/testbox:1.0';

let folder: string;
let engine: DockerConnection;
let buildkit: BuildKit;
let registry: RegistryServer;
let proxy: FaultProxy;
let workspace: ImageWorkspace;
let client: RegistryClient;
let baseDigest: string;
let head: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'arc-builder-'));
  engine = await connectDocker({ environment: process.env, deadlineMilliseconds: 5000 });
  registry = await startRegistry({ folder: join(folder, 'registry'), auth: true });
  proxy = await startFaultProxy({ upstream: registry.address });
  buildkit = await startBuildKit();
  logIn(buildkit.dockerConfig);
  baseDigest = await pushTestBase({ buildkit, reference: `${proxy.address}/hub/arc-test/testbox:1.0` });
  workspace = await makeImageWorkspace({ registry: proxy.address, base: upstream });
  workspace.write('arc.yaml', `${workspace.read('arc.yaml')}mirrors: { docker.io: ${proxy.address}/hub }\n`);
  await succeed('images', 'lock');
  head = await workspace.commit('Three images');
  client = openRegistryClient({
    environment: buildkit.environment,
    signal: new AbortController().signal,
  });
});
afterAll(async () => {
  await client?.close();
  workspace?.remove();
  await buildkit?.close();
  await proxy?.close();
  await registry?.close();
  rmSync(folder, { recursive: true, force: true });
  await removeImages(engine.docker);
  engine.close();
});

function logIn(dockerConfig: string): void {
  const auth = Buffer.from(`${registryUser}:${registryPassword}`).toString('base64');
  writeFileSync(join(dockerConfig, 'config.json'), JSON.stringify({ auths: { [proxy.address]: { auth } } }));
}

async function removeImages(docker: Docker): Promise<void> {
  if (proxy === undefined) return;
  const images = await docker.listImages();
  const names = images.flatMap(({ RepoTags, RepoDigests }) => [...(RepoTags ?? []), ...(RepoDigests ?? [])]);
  for (const name of names.filter((each) => each.startsWith(`${proxy.address}/`))) {
    // With its last tag an image loses its digests.
    await docker.getImage(name).remove({ force: true }).catch(ignoreMissing);
  }
  await docker.pruneImages({ filters: { dangling: ['true'], label: ['arc.service.tech=testbox'] } });
}

function ignoreMissing(error: { statusCode?: number }): void {
  if (error.statusCode !== 404) throw error;
}

/** Arc with this builder, and with a cache of its own. */
function arc(
  args: readonly string[],
  options: { cwd?: string; builder?: BuildKit; environment?: Record<string, string> } = {},
): Promise<Ran> {
  const { cwd = workspace.root, builder = buildkit, environment = {} } = options;
  return runArc(args, {
    cwd,
    environment: { ...builder.environment, XDG_CACHE_HOME: join(folder, 'cache'), ...environment },
  });
}

async function succeed(...args: string[]): Promise<Ran> {
  const ran = await arc(args);
  expect(ran.exitCode, `arc ${args.join(' ')}\n${ran.output}`).toBe(0);
  expect(ran.output).not.toContain(registryPassword);
  return ran;
}

type Published = {
  role: string;
  image: string;
  digest: string;
  state: string;
  platforms: Record<string, string>;
};

async function publish(...args: string[]): Promise<{ images: readonly Published[]; ran: Ran }> {
  const ran = await succeed('publish', '--json', ...args);
  return { images: resultOf<{ images: Published[] }>(ran.stdout).images, ran };
}

const repo = (role: string) => ({ registry: proxy.address, repository: `arc-test/arc-${role}` });
const tagOf = (commit: string) => `sha-${commit.slice(0, 12)}`;
const inRegistry = (role: string, reference: string) => readImage({ client, repo: repo(role), reference });

/** What it says of errors, as events. */
function problemOf(ran: Ran) {
  const error = eventsOf(ran.stdout).find(({ type }) => type === 'error');
  return error?.problem as { code: string; message: string; detail?: string[]; suggestion?: string };
}

describe('arc publish', canBuild, () => {
  let published: readonly Published[];
  beforeAll(async () => {
    published = (await publish()).images;
  });

  it('pushes an index over both platforms, and then names it by the commit', async () => {
    expect(published.map(({ role, state }) => [role, state])).toEqual([
      ['front', 'built'],
      ['front-worker', 'built'],
      ['store', 'built'],
    ]);
    for (const { role, image, digest, platforms } of published) {
      expect(image).toBe(`${proxy.address}/arc-test/arc-${role}:${tagOf(head)}`);
      const stored = await inRegistry(role, tagOf(head));
      expect(stored).toMatchObject({ digest, mediaType: 'application/vnd.oci.image.index.v1+json' });
      expect(stored?.platforms.map(({ platform }) => platform)).toEqual(both);
      expect(Object.keys(platforms)).toEqual(both);
      expect(await client.tags(repo(role))).toEqual([tagOf(head)]);
    }
  });

  it('labels every platform with all that it was made from', async () => {
    const created = new Date(Number(workspace.git('log', '-1', '--format=%ct')) * 1000)
      .toISOString()
      .replace('.000Z', 'Z');
    const image = await inRegistry('front-worker', tagOf(head));
    for (const { labels, created: made } of image?.platforms ?? []) {
      expect(labels).toEqual({
        'org.opencontainers.image.title': 'arc-front-worker',
        'org.opencontainers.image.description': 'The front-worker of a test, which says "ok".',
        'org.opencontainers.image.licenses': 'Apache-2.0',
        'org.opencontainers.image.source': 'https://github.com/arc-test/arc',
        'org.opencontainers.image.created': created,
        'org.opencontainers.image.revision': head,
        'org.opencontainers.image.version': tagOf(head),
        'org.opencontainers.image.base.name': upstream,
        'org.opencontainers.image.base.digest': baseDigest,
        'arc.service.name': 'arc-front-worker',
        'arc.service.role': 'front-worker',
        'arc.service.codename': 'front-worker',
        'arc.service.tech': 'testbox',
        mark: '',
      });
      expect(made).toBe(created);
    }
  });

  it('pushes what docs/verifying.md finds the digest of', async () => {
    const { blocks } = readPage('docs/verifying.md');
    const [lines = ''] = blocks.map(({ text }) => text).filter((text) => text.includes('imagetools'));
    const line = lines.split('\n').find((text) => text.startsWith('digest=')) ?? '';
    const script = line.replace('docker buildx', buildkit.buildx).replace(':v0.1.0', `:${tagOf(head)}`);
    const { stdout } = await execa('sh', ['-c', `${script}; echo "$digest"`], {
      env: { ...buildkit.environment, image: `${proxy.address}/arc-test/arc-store` },
    });
    expect(stdout).toBe((await inRegistry('store', tagOf(head)))?.digest);
  });

  it('pushes what an Engine pulls back and runs, not as root', async () => {
    const { docker } = engine;
    const reference = `${proxy.address}/arc-test/arc-store@${published[2]?.digest}`;
    const authconfig = { username: registryUser, password: registryPassword };
    const answer = await docker.pull(reference, { authconfig });
    await new Promise((resolve, reject) => {
      docker.modem.followProgress(answer, (error) => (error ? reject(error) : resolve(undefined)));
    });
    const output = await runIn(docker, reference, ['/testbox', '-log', 'it runs', '-exit-after', '-1s']);
    expect(output).toContain('it runs');
    const { Config, Os, Architecture } = await docker.getImage(reference).inspect();
    expect(`${Os}/${Architecture}`).toBe('linux/amd64');
    expect(Config.User).toBe('65532:65532');
  });

  it('keeps what is there', async () => {
    const before = proxy.requests.length;
    const { images, ran } = await publish();
    expect(images).toEqual(published.map((image) => ({ ...image, state: 'kept' })));
    const since = proxy.requests.slice(before).map(({ method, path }) => `${method} ${path}`);
    expect(since.filter((line) => !line.startsWith('GET') && !line.startsWith('HEAD'))).toEqual([]);
    expect(eventsOf(ran.stdout).filter(({ type }) => type === 'step')).toEqual([]);
  });

  it('leaves nothing behind of a bake that was started and then not needed', async () => {
    const temporary = mkdtempSync(join(folder, 'tmp-'));
    const ran = await arc(['publish', '--json'], { environment: { TMPDIR: temporary } });
    expect(ran.exitCode).toBe(0);
    expect(readdirSync(temporary)).toEqual([]);
    // It was started for a builder that is not there, and refused as what is named wrongly is.
    workspace.write('README.md', 'of a wrong builder');
    await workspace.commit('Wrong builder');
    const refused = await arc(['publish', '--json'], {
      environment: { TMPDIR: temporary, BUILDX_BUILDER: 'other' },
    });
    expect(refused.exitCode).toBe(4);
    expect(problemOf(refused).code).toBe('no-builder');
    expect(readdirSync(temporary)).toEqual([]);
  });

  it('builds for more platforms what is there for one, and never for fewer', async () => {
    workspace.write('README.md', 'second');
    const commit = await workspace.commit('Second');
    const [one] = (await publish('arc-front', '--platform', 'linux/amd64')).images;
    expect(one).toMatchObject({ role: 'front', state: 'built' });
    expect(Object.keys(one?.platforms ?? {})).toEqual(['linux/amd64']);
    expect(await inRegistry('front', tagOf(commit))).toMatchObject({
      digest: one?.digest,
      mediaType: 'application/vnd.oci.image.index.v1+json',
    });
    const [more] = (await publish('arc-front', '--platform', 'linux/arm64')).images;
    expect(more?.state).toBe('built');
    expect(Object.keys(more?.platforms ?? {})).toEqual(both);
    expect(more?.platforms['linux/amd64']).toBe(one?.platforms['linux/amd64']);
    const [kept] = (await publish('arc-front', '--platform', 'linux/amd64')).images;
    expect(kept).toEqual({ ...more, state: 'kept' });
  });

  it('never takes a tag away from another commit', async () => {
    workspace.write('README.md', 'third');
    const commit = await workspace.commit('Third');
    const other = await client.manifest(repo('store'), tagOf(head));
    if (other === undefined) throw new Error('the first image is gone');
    await client.putManifest(repo('store'), { reference: tagOf(commit), ...other });
    const ran = await arc(['publish', '--json']);
    expect(ran.exitCode).toBe(1);
    const problem = problemOf(ran);
    expect(problem.code).toBe('image-tag-taken');
    expect(problem.message).toContain(`was built from ${head}, and this is ${commit}`);
    expect(await client.tags(repo('front'))).not.toContain(tagOf(commit));
    expect((await inRegistry('store', tagOf(commit)))?.digest).toBe(other.digest);
  });

  it('publishes nothing that is not committed', async () => {
    workspace.write('notes.txt', 'x');
    const before = proxy.requests.length;
    const ran = await arc(['publish', '--json']);
    rmSync(join(workspace.root, 'notes.txt'));
    expect(ran.exitCode).toBe(2);
    expect(problemOf(ran)).toMatchObject({ code: 'tree-not-clean', detail: ['notes.txt'] });
    expect(proxy.requests.length).toBe(before);
  });

  it('says of a base that is not locked that it is not, and labels it all the same', async () => {
    rmSync(join(workspace.root, 'images.lock.yaml'));
    const commit = await workspace.commit('Without a lock');
    const { ran } = await publish('store', '--platform', 'linux/amd64');
    const warnings = eventsOf(ran.stdout).filter(({ type }) => type === 'warning');
    expect(warnings).toMatchObject([{ problem: { code: 'base-not-locked', suggestion: /arc images lock/ } }]);
    const image = await inRegistry('store', tagOf(commit));
    expect(image?.platforms[0]?.labels['org.opencontainers.image.base.digest']).toBe(baseDigest);
    workspace.git('reset', '--quiet', '--hard', 'HEAD~1');
  });

  it('does not begin without a login that may push', async () => {
    workspace.write('README.md', 'no login');
    await workspace.commit('No login');
    const dockerConfig = join(folder, 'no-login');
    mkdirSync(dockerConfig);
    const ran = await arc(['publish', '--json'], { environment: { DOCKER_CONFIG: dockerConfig } });
    expect(ran.exitCode).toBe(4);
    expect(problemOf(ran)).toMatchObject({ code: 'registry-unauthorized' });
  });
});

describe('the same commit', canBuild, () => {
  it('gives the same images from an empty builder in another folder', async () => {
    const commit = workspace.git('rev-parse', 'HEAD');
    const { images } = await publish();
    const clone = join(folder, 'clone');
    workspace.git('clone', '--quiet', workspace.root, clone);
    const empty = await startBuildKit();
    try {
      logIn(empty.dockerConfig);
      const ran = await arc(['build', '--json', '--platform', both.join()], { cwd: clone, builder: empty });
      expect(ran.exitCode, ran.output).toBe(0);
      const answer = resultOf<{ images: { role: string; digest: string }[]; version: string }>(ran.stdout);
      expect(answer.version).toBe(tagOf(commit));
      expect(answer.images.map(({ role, digest }) => [role, digest])).toEqual(
        images.map(({ role, digest }) => [role, digest]),
      );
    } finally {
      await empty.close();
    }
  });
});

describe('a push that goes wrong', canBuild, () => {
  const fresh = async (text: string): Promise<string> => {
    workspace.write('README.md', text);
    return await workspace.commit(text);
  };

  it('sets no tag where the registry fails half-way, and goes on from there', async () => {
    const commit = await fresh('Registry that fails');
    // Each image's manifests go through, and the index never does.
    proxy.inject(
      /^PUT .*arc-store\/manifests\/sha256/,
      { kind: 'answer', status: 500 },
      { skip: 2, times: 1000 },
    );
    const ran = await arc(['publish', '--json']);
    expect(ran.exitCode).toBe(1);
    expect(problemOf(ran)).toMatchObject({
      code: 'image-push-failed',
      message: expect.stringContaining('The image of arc-store could not be pushed'),
    });
    for (const role of ['front', 'front-worker', 'store'])
      expect(await client.tags(repo(role))).not.toContain(tagOf(commit));
    proxy.heal();
    const { images } = await publish();
    expect(images.map(({ state }) => state)).toEqual(['built', 'built', 'built']);
    for (const { role, digest } of images)
      expect((await inRegistry(role, tagOf(commit)))?.digest).toBe(digest);
  });

  it('sets no tag where a connection breaks within a blob, and goes on from there', async () => {
    const commit = await fresh('Connection that breaks');
    proxy.inject(
      /^(PUT|PATCH) .*arc-front\/blobs\/uploads/,
      { kind: 'cut', body: 'request' },
      { times: 1000 },
    );
    const ran = await arc(['publish', 'arc-front', '--json']);
    expect(ran.exitCode).toBe(1);
    expect(problemOf(ran).code).toBe('image-push-failed');
    expect(await client.tags(repo('front'))).not.toContain(tagOf(commit));
    proxy.heal();
    await publish('arc-front');
    expect((await inRegistry('front', tagOf(commit)))?.platforms).toHaveLength(2);
  });

  it('is tried again by itself where it breaks once', async () => {
    const commit = await fresh('Connection that breaks once');
    proxy.inject(/^PUT .*arc-front\/manifests\/sha-/, { kind: 'lose-answer' });
    const { images, ran } = await publish('arc-front');
    expect((await inRegistry('front', tagOf(commit)))?.digest).toBe(images[0]?.digest);
    expect(ran.stdout).toContain('registry-retry');
  });

  it('that is interrupted leaves no process and no tag behind', async () => {
    const commit = await fresh('Interrupted');
    const mark = randomUUID();
    let arrived: (() => void) | undefined;
    let release: (() => void) | undefined;
    const pushing = new Promise<void>((resolve) => {
      arrived = resolve;
    });
    const until = new Promise<void>((resolve) => {
      release = resolve;
    });
    proxy.inject(
      /^PUT .*arc-front\/manifests\/sha256/,
      { kind: 'hold', until, arrived: () => arrived?.() },
      { times: 1000 },
    );
    const child = startArc(['publish', 'arc-front'], {
      cwd: workspace.root,
      environment: { ...buildkit.environment, ARC_TEST_RUN: mark },
    });
    await pushing;
    child.kill('SIGINT');
    const { exitCode, all } = await child;
    release?.();
    proxy.heal();
    expect(exitCode, all).toBe(130);
    expect(all).toContain('error[interrupted]');
    expect(processesWith(`ARC_TEST_RUN=${mark}`)).toEqual([]);
    expect(await client.tags(repo('front'))).not.toContain(tagOf(commit));
  });
});

describe('what is missing', canBuild, () => {
  it('is said of builders, with what makes one', async () => {
    const dockerConfig = join(folder, 'no-builder');
    mkdirSync(join(dockerConfig, 'cli-plugins'), { recursive: true });
    symlinkSync(buildkit.buildx, join(dockerConfig, 'cli-plugins', 'docker-buildx'));
    const ran = await arc(['build', '--platform', both.join(), '--json'], {
      environment: { DOCKER_CONFIG: dockerConfig },
    });
    expect(ran.exitCode).toBe(4);
    expect(problemOf(ran)).toMatchObject({
      code: 'no-builder',
      detail: [expect.stringMatching(/^default: the Engine's own builder/)],
      suggestion: 'docker buildx create --name arc --driver docker-container --bootstrap',
    });
    const named = await arc(['build', '--platform', both.join(), '--json'], {
      environment: { BUILDX_BUILDER: 'other' },
    });
    expect(problemOf(named).detail).toEqual(['other: BUILDX_BUILDER names it, but it does not exist']);
    expect(problemOf(named).suggestion).toBe('unset BUILDX_BUILDER; arc then builds');
  });

  it('is said of space for temporary files, and where it was looked for', async () => {
    const full = join(folder, 'full');
    mkdirSync(full);
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=16k', 'tmpfs', full]);
    try {
      expect(() => writeFileSync(join(full, 'filler'), Buffer.alloc(64 * 1024))).toThrow('ENOSPC');
      const ran = await arc(['build', 'store', '--platform', both.join(), '--json'], {
        environment: { TMPDIR: full },
      });
      expect(ran.exitCode).toBe(4);
      expect(problemOf(ran)).toMatchObject({
        code: 'no-disk-space',
        message: `There is no space left in ${full}, where files of a build are kept while it runs.`,
      });
    } finally {
      execFileSync('umount', [full]);
    }
  });

  it('is an error of a Dockerfile, and of one that is not what the manifest says', async () => {
    const file = 'services/front/Dockerfile.worker';
    const text = workspace.read(file);
    rmSync(join(workspace.root, file));
    workspace.write('services/store/Dockerfile', 'FROM scratch\n');
    for (const args of [['build'], ['build', '--platform', both.join()]]) {
      const ran = await arc([...args, '--json']);
      expect(ran.exitCode).toBe(2);
      const errors = eventsOf(ran.stdout).filter(({ type }) => type === 'error');
      expect(errors.map(({ problem }) => (problem as { code: string }).code)).toEqual([
        'dockerfile-missing',
        'dockerfile-outdated',
      ]);
    }
    workspace.write(file, text);
    workspace.git('checkout', '--', 'services/store/Dockerfile');
  });

  it('is said of a base that the registry has lost, in its words', async () => {
    const text = workspace.read('images.lock.yaml');
    const lost = baseDigest.replace(/.{8}$/, '00000000');
    workspace.write('images.lock.yaml', text.replaceAll(baseDigest, lost));
    const ran = await arc(['build', 'store', '--platform', both.join(), '--json']);
    workspace.write('images.lock.yaml', text);
    expect(ran.exitCode).toBe(1);
    const problem = problemOf(ran);
    expect(problem.code).toBe('image-build-failed');
    expect(problem.message).toMatch(/^The image of arc-store could not be built: .*not found/);
    expect(problem.message).toContain(lost);
  });
});

describe('arc build on this Engine', canBuild, () => {
  const labelsOf = async (role: string, tag: string) =>
    (await engine.docker.getImage(`${proxy.address}/arc-test/arc-${role}:${tag}`).inspect()).Config.Labels;

  it('loads images with all labels, which a boot finds up to date', async () => {
    const commit = workspace.git('rev-parse', 'HEAD');
    const ran = await succeed('build', '--json');
    expect(resultOf<object>(ran.stdout)).toMatchObject({
      loaded: true,
      version: tagOf(commit),
      images: [{ role: 'front' }, { role: 'front-worker' }, { role: 'store', platforms: ['linux/amd64'] }],
    });
    expect(await labelsOf('store', 'latest')).toMatchObject({
      'org.opencontainers.image.title': 'arc-store',
      'org.opencontainers.image.revision': commit,
      'org.opencontainers.image.version': tagOf(commit),
      'org.opencontainers.image.created': expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
      'org.opencontainers.image.base.name': upstream,
      'org.opencontainers.image.base.digest': baseDigest,
    });
    const plan = await succeed('plan', '--json');
    const { steps } = resultOf<{ steps: { on: string }[] }>(plan.stdout);
    expect(steps.map(({ on }) => on).filter((on) => on.startsWith('image/'))).toEqual([]);
    expect(steps.map(({ on }) => on)).toContain('container/arc-store');
  });

  it('builds changed files too, and says so in the labels', async () => {
    const commit = workspace.git('rev-parse', 'HEAD');
    workspace.write('notes.txt', 'x');
    await succeed('build', 'store');
    rmSync(join(workspace.root, 'notes.txt'));
    expect(await labelsOf('store', 'latest')).toMatchObject({
      'org.opencontainers.image.revision': `${commit}-dirty`,
      'org.opencontainers.image.version': `${tagOf(commit)}-dirty`,
    });
  });

  it('is named and pushed by a version', async () => {
    await succeed('build', 'front');
    await succeed('tag', 'front', 'v0.1.0');
    const ran = await succeed('push', 'arc-front', '--version', 'v0.1.0', '--json');
    const [pushed] = resultOf<{ images: { reference: string; digest: string }[] }>(ran.stdout).images;
    expect(pushed?.reference).toBe(`${proxy.address}/arc-test/arc-front:v0.1.0`);
    expect((await inRegistry('front', 'v0.1.0'))?.digest).toBe(pushed?.digest);
  });

  it('never takes a version from the image that has it, and pushes the same one again', async () => {
    await succeed('build', 'front');
    await succeed('tag', 'front', 'v0.4.0');
    await succeed('push', 'arc-front', '--version', 'v0.4.0');
    const released = (await inRegistry('front', 'v0.4.0'))?.digest;
    await succeed('push', 'arc-front', '--version', 'v0.4.0');
    workspace.write('notes.txt', 'another image');
    await succeed('build', 'front');
    rmSync(join(workspace.root, 'notes.txt'));
    await succeed('tag', 'front', 'v0.4.0');
    for (const force of [[], ['--force']]) {
      const ran = await arc(['push', 'arc-front', '--version', 'v0.4.0', ...force, '--json']);
      expect(ran.exitCode).toBe(1);
      expect(problemOf(ran)).toMatchObject({
        code: 'image-tag-taken',
        detail: [`in the registry: ${released}`, expect.stringMatching(/^on the Engine: {3}sha256:/)],
        suggestion: expect.stringContaining('arc release'),
      });
    }
    expect((await inRegistry('front', 'v0.4.0'))?.digest).toBe(released);
  });

  it('takes no platform from a tag that may move, unless it is told to', async () => {
    await succeed('publish', 'store');
    const commit = workspace.git('rev-parse', 'HEAD');
    const index = await inRegistry('store', tagOf(commit));
    const repo = { registry: proxy.address, repository: 'arc-test/arc-store' };
    await promote({ client, repo, digest: index?.digest ?? '', tag: 'latest' });
    await succeed('build', 'store');
    const ran = await arc(['push', 'store', '--json']);
    expect(ran.exitCode).toBe(1);
    expect(problemOf(ran)).toMatchObject({
      code: 'push-loses-platforms',
      message: `${proxy.address}/arc-test/arc-store:latest also has linux/arm64; this push would leave only linux/amd64.`,
    });
    expect((await inRegistry('store', 'latest'))?.digest).toBe(index?.digest);
    await succeed('push', 'store', '--force');
    expect((await inRegistry('store', 'latest'))?.platforms).toHaveLength(1);
  });

  it('is not pushed where the registry cannot be asked what it has', async () => {
    const text = workspace.read('arc.yaml');
    const nobody = `127.0.0.1:${await freePort()}`;
    workspace.write('arc.yaml', `${text}images: ${nobody}/arc-test\n`);
    try {
      await succeed('build', 'store');
      const ran = await arc(['push', 'store', '--json']);
      expect(ran.exitCode).toBe(1);
      expect(problemOf(ran)).toMatchObject({
        code: 'registry-unreachable',
        message: expect.stringContaining(`${nobody}/arc-test/arc-store`),
      });
      await engine.docker.getImage(`${nobody}/arc-test/arc-store:latest`).remove();
    } finally {
      workspace.write('arc.yaml', text);
    }
  });

  it('is not pushed under a name that it does not have, or without a login', async () => {
    const unknown = await arc(['push', 'store', '--version', 'v9.9.9', '--json']);
    expect(unknown.exitCode).toBe(1);
    expect(problemOf(unknown)).toMatchObject({ code: 'image-missing', suggestion: 'arc tag store v9.9.9' });
    const dockerConfig = join(folder, 'no-push');
    mkdirSync(dockerConfig);
    const refused = await arc(['push', 'store', '--json'], { environment: { DOCKER_CONFIG: dockerConfig } });
    expect(refused.exitCode).toBe(4);
    expect(problemOf(refused)).toMatchObject({ code: 'registry-unauthorized' });
    expect(problemOf(refused).message).toContain('push to');
  });

  it('takes a version for what it is', async () => {
    const image = await arc(['tag', 'front', '--json']);
    expect(image.exitCode).toBe(2);
    expect(problemOf(image).message).toBe('front is the name of an image; the version is missing.');
    const odd = await arc(['tag', 'v1/2', '--json']);
    expect(problemOf(odd).message).toContain('is not a valid image tag');
  });
});

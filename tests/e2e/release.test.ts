import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openRegistryClient, type RegistryClient } from '../../src/registry/client.ts';
import { readImage } from '../../src/registry/image.ts';
import { promote } from '../../src/registry/promote.ts';
import { getSuppliers, makeKey, pushTinyImage } from '../integration/supply-kit.ts';
import { type BuildKit, startBuildKit } from '../support/buildkit.ts';
import { type GithubServer, githubToken, startGithub } from '../support/github-server.ts';
import { type RegistryServer, startRegistry } from '../support/registry.ts';
import { eventsOf, type Ran, resultOf, runArc, startArc } from '../support/run-arc.ts';
import { makeWorkspace, type TestWorkspace } from '../support/workspace.ts';

// The whole command: real buildx and BuildKit, a real registry, a real repository with a remote, and GitHub's release
// endpoints in this process. The bases are stand-ins, for what is in them makes no difference to a release.

let folder: string;
let workspace: TestWorkspace;
let buildkit: BuildKit;
let registry: RegistryServer;
let github: GithubServer;
let client: RegistryClient;
const signal = new AbortController().signal;
const images = ['arc-realtime', 'arc-realtime-ingress', 'arc-realtime-egress'];
const repo = (name: string) => ({ registry: registry.address, repository: `arc-framework/${name}` });
const git = (...args: string[]) =>
  execFileSync('git', args, { cwd: workspace.root, encoding: 'utf8', stdio: 'pipe' }).trim();
const environment = (): Record<string, string> => ({
  ...buildkit.environment,
  GITHUB_API_URL: github.api,
  GITHUB_TOKEN: githubToken,
  // Without syft, trivy and cosign, wherever this runs.
  PATH: `/usr/bin:/bin:${join(process.execPath, '..')}`,
});
const arc = (...args: string[]): Promise<Ran> =>
  runArc(args, { cwd: workspace.root, environment: environment() });

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'arc-e2e-release-'));
  registry = await startRegistry({ folder: join(folder, 'registry'), auth: false });
  buildkit = await startBuildKit();
  client = openRegistryClient({ environment: {}, signal });
  for (const [name, tag] of [
    ['livekit/livekit-server', 'v1.13.5'],
    ['livekit/ingress', 'v1.5.0'],
    ['livekit/egress', 'v1.14.0'],
  ] as const) {
    const base = { registry: registry.address, repository: name };
    const { digest } = await pushTinyImage({ client, repo: base });
    await promote({ client, repo: base, digest, tag });
  }
  workspace = makeWorkspace();
  const origin = join(folder, 'origin.git');
  github = await startGithub({
    repository: 'o/r',
    hasTag: (name) =>
      execFileSync('git', ['tag', '--list', name], { cwd: origin, encoding: 'utf8' }).trim() === name,
  });
  const manifest = workspace.read('services/realtime/service.yaml');
  workspace.write('services/realtime/service.yaml', manifest.replaceAll('ghcr.io/', `${registry.address}/`));
  const settings = workspace.read('arc.yaml').replace(/\nrelease:[\s\S]*$/, '\n');
  workspace.write(
    'arc.yaml',
    `${settings}mirrors: { docker.io: "${registry.address}" }\nrelease: { repository: "https://github.com/o/r" }\n`,
  );
  execFileSync('git', ['init', '--quiet', '--bare', origin]);
  git('init', '--quiet', '--initial-branch=main');
  git('config', 'user.name', 'Ada');
  git('config', 'user.email', 'ada@example.com');
  git('remote', 'add', 'origin', origin);
  for (const args of [['generate'], ['images', 'lock', 'realtime']]) {
    const { exitCode, output } = await arc(...args);
    expect(exitCode, output).toBe(0);
  }
  writeFileSync(workspace.path('.gitignore'), '.arc\n');
  git('add', '--all');
  git('commit', '--quiet', '--message', 'the workspace');
  git('push', '--quiet', 'origin', 'HEAD:main');
});

afterAll(async () => {
  await client?.close();
  await github?.close();
  await buildkit?.close();
  await registry?.close();
  workspace?.remove();
  rmSync(folder, { recursive: true, force: true });
});

type PlanStep = { id: string; kind: string };

describe('arc release', () => {
  test('--dry-run prints the plan and touches nothing', async () => {
    const { exitCode, stdout } = await arc('release', 'realtime', 'v0.1.0', '--dry-run');
    expect(exitCode).toBe(0);
    expect(stdout).toContain('+ image arc-realtime-ingress');
    expect(stdout).toMatch(
      /^! scan arc-realtime linux\/amd64 +not run: neither trivy nor grype is installed$/m,
    );
    expect(stdout).toMatch(/^! SBOM arc-realtime linux\/arm64 +not run: syft is not installed$/m);
    expect(stdout).toMatch(/^\+ tag arc-realtime:latest/m);
    expect(await client.tags(repo('arc-realtime'))).toEqual([]);
    expect({ tags: git('tag', '--list'), releases: github.releases }).toEqual({ tags: '', releases: [] });
  });

  test('killed after any of its steps goes on there, and ends with one release of one image each', async () => {
    const seen = new Set<string>();
    const built: string[] = [];
    for (;;) {
      const child = startArc(['release', 'realtime', 'v0.1.0', '--json'], {
        cwd: workspace.root,
        environment: environment(),
      });
      for await (const line of createInterface({ input: child.stdout })) {
        const event = JSON.parse(line) as { type: string; id?: string; phase?: string };
        if (event.type !== 'step' || event.phase !== 'done' || event.id === undefined) continue;
        if (event.id.startsWith('build:arc')) built.push(event.id);
        if (seen.has(event.id)) continue;
        seen.add(event.id);
        child.kill('SIGKILL');
      }
      const { exitCode, all } = await child;
      if (exitCode === 0) break;
      expect(exitCode, all).toBeUndefined();
    }
    // How much a run does before the signal reaches it is not certain; most kinds of steps were one that it came after.
    const kinds = new Set(Array.from(seen, (id) => id.split(':')[0]));
    expect(kinds.size, [...kinds].join(' ')).toBeGreaterThan(5);
    expect(built, 'no image was built twice').toEqual([...new Set(built)]);
    const commit = git('rev-parse', 'HEAD');
    for (const name of images) {
      const tags = (await client.tags(repo(name))).filter((tag) => !tag.startsWith('sha256-'));
      expect(tags.toSorted()).toEqual(['latest', 'realtime-v0.1.0', `sha-${commit.slice(0, 12)}`, 'v0.1.0']);
      const digests = await Promise.all(
        tags.map(async (tag) => (await client.manifest(repo(name), tag))?.digest),
      );
      expect(new Set(digests).size, name).toBe(1);
      expect(await client.referrers(repo(name), digests[0] ?? '')).toHaveLength(1);
    }
    expect(git('ls-remote', '--tags', 'origin')).toContain('refs/tags/realtime/v0.1.0');
    expect(github.releases).toMatchObject([
      { tag_name: 'realtime/v0.1.0', draft: false, latest: true, name: 'realtime v0.1.0' },
    ]);
    expect(github.releases[0]?.assets.map(({ name, state }) => [name, state]).sort()).toEqual([
      ['digests.json', 'uploaded'],
      ['realtime-v0.1.0-compose.tar.gz', 'uploaded'],
    ]);
  });

  test('has put complete labels on every platform of its images', async () => {
    const image = await readImage({ client, repo: repo('arc-realtime-egress'), reference: 'v0.1.0' });
    expect(image?.platforms.map(({ platform }) => platform)).toEqual(['linux/amd64', 'linux/arm64']);
    const lock = workspace.read('images.lock.yaml');
    for (const { labels } of image?.platforms ?? []) {
      expect(labels).toMatchObject({
        'arc.service.codename': 'scribe',
        'arc.service.name': 'arc-realtime-egress',
        'arc.service.role': 'realtime-egress',
        'arc.service.tech': 'livekit-egress',
        'org.opencontainers.image.base.name': 'docker.io/livekit/egress:v1.14.0',
        'org.opencontainers.image.created': expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:]{8}Z$/),
        'org.opencontainers.image.description': 'Records rooms and participants to storage.',
        'org.opencontainers.image.licenses': 'Apache-2.0',
        'org.opencontainers.image.revision': git('rev-parse', 'HEAD'),
        'org.opencontainers.image.source': 'https://github.com/o/r',
        'org.opencontainers.image.title': 'arc-realtime-egress',
        'org.opencontainers.image.version': 'v0.1.0',
      });
      expect(lock).toContain(labels['org.opencontainers.image.base.digest']);
    }
  });

  test('done again has nothing to do, and says where the release is', async () => {
    const { exitCode, stdout } = await arc('release', 'realtime', 'v0.1.0');
    expect(exitCode).toBe(0);
    expect(stdout).toContain(
      'realtime v0.1.0 is released: https://github.com/o/r/releases/tag/realtime/v0.1.0',
    );
    const again = await arc('release', 'realtime', 'v0.1.0', '--dry-run', '--json');
    const { steps } = resultOf<{ steps: readonly PlanStep[] }>(again.stdout);
    expect(steps.filter(({ kind }) => kind === 'do')).toEqual([]);
  });

  test('of the same version from another commit names both commits', async () => {
    const first = git('rev-parse', '--short=12', 'HEAD');
    git('commit', '--quiet', '--allow-empty', '--message', 'another');
    git('push', '--quiet', 'origin', 'HEAD:main');
    const { exitCode, stderr } = await arc('release', 'realtime', 'v0.1.0');
    expect(exitCode).toBe(2);
    expect(stderr).toContain(`error[git-tag-taken]\n  The tag realtime/v0.1.0 is at ${first}`);
    expect(stderr).toContain(
      `it was built from ${first}, and this is ${git('rev-parse', '--short=12', 'HEAD')}`,
    );
  });

  test('without a login to GitHub says which one it needs, before anything is built', async () => {
    const { GITHUB_TOKEN: _, ...rest } = environment();
    const { exitCode, stderr, output } = await runArc(['release', 'realtime', 'v0.2.0'], {
      cwd: workspace.root,
      environment: rest,
    });
    expect(exitCode).toBe(4);
    expect(stderr).toContain('error[github-refused]\n  arc has no GitHub login');
    expect(output).not.toContain('build');
  });

  test('shows the token in no output', async () => {
    const { stdout, stderr } = await arc('release', 'realtime', 'v0.2.0-rc.1', '--json', '--debug');
    expect(eventsOf(stdout)[0]).toMatchObject({ type: 'started', version: 2, command: 'release' });
    expect(eventsOf(stdout).at(-1)).toMatchObject({ type: 'result' });
    expect(stdout + stderr).not.toContain(githubToken);
    expect(await client.tags(repo('arc-realtime'))).toContain('v0.2.0-rc.1');
    const latest = await client.manifest(repo('arc-realtime'), 'latest');
    expect(latest?.digest).toBe((await client.manifest(repo('arc-realtime'), 'v0.1.0'))?.digest);
  });

  test('publishes a bundle that Compose reads, with the images by digest', async () => {
    const [release] = github.releases;
    const asset = release?.assets.find(({ name }) => name.endsWith('.tar.gz'));
    const archive = join(folder, 'bundle.tar.gz');
    writeFileSync(archive, github.content.get(asset?.id ?? 0) ?? '');
    execFileSync('tar', ['--extract', '--gzip', '--file', archive, '--directory', folder]);
    const digest = (await client.manifest(repo('arc-realtime'), 'v0.1.0'))?.digest;
    expect(readFileSync(join(folder, 'pins.yaml'), 'utf8')).toContain(
      `image: ${registry.address}/arc-framework/arc-realtime:v0.1.0@${digest}`,
    );
  });
});

describe('arc release with syft and cosign', () => {
  const password = 'of-the-key-of-the-test';
  let signing: Record<string, string>;
  beforeAll(async () => {
    const tools = await getSuppliers(folder);
    const { key, publicKey } = await makeKey({ folder, name: 'release', password, cosign: tools.cosign });
    signing = {
      ...environment(),
      PATH: `${tools.syft}:${tools.cosign}:${environment().PATH}`,
      ARC_COSIGN_KEY: key,
      ARC_COSIGN_PUBLIC_KEY: publicKey,
      COSIGN_PASSWORD: password,
    };
    workspace.edit('arc.yaml', 'release: {', 'release: { sign: key,');
    const generated = await arc('generate');
    expect(generated.exitCode, generated.output).toBe(0);
    git('commit', '--quiet', '--all', '--message', 'releases are signed');
    git('push', '--quiet', 'origin', 'HEAD:main');
  });
  const run = (...args: string[]) =>
    runArc(args, { cwd: workspace.root, environment: signing, limitMilliseconds: 280_000 });

  test('refuses to release unsigned what arc.yaml wants signed, unless told to', async () => {
    const { exitCode, stderr } = await arc('release', 'realtime', 'v0.3.0', '--dry-run');
    expect(exitCode).toBe(4);
    expect(stderr).toContain('error[no-signer]');
    expect(stderr).toContain('cosign is not installed');
    const unsigned = await arc('release', 'realtime', 'v0.3.0', '--dry-run', '--unsigned');
    expect(unsigned.exitCode).toBe(0);
    expect(unsigned.stdout).toMatch(/^! signature arc-realtime +not run: --unsigned was given$/m);
    const wrong = await runArc(['release', 'realtime', 'v0.3.0', '--dry-run'], {
      cwd: workspace.root,
      environment: { ...signing, COSIGN_PASSWORD: 'not that of the key' },
    });
    expect(wrong.exitCode).toBe(4);
    expect(wrong.stderr).toContain('read the key that ARC_COSIGN_KEY names');
  });

  test('attaches SBOMs and signatures, publishes the SBOMs, and arc verify finds all of it right', async () => {
    const { exitCode, output } = await run('release', 'realtime', 'v0.3.0');
    expect(exitCode, output).toBe(0);
    expect(output).not.toContain(password);
    const release = github.releases.find(({ tag_name }) => tag_name === 'realtime/v0.3.0');
    expect(release?.assets.map(({ name }) => name).sort()).toEqual(
      [
        ...images.flatMap((name) =>
          ['amd64', 'arm64'].map((machine) => `${name}.linux-${machine}.spdx.json`),
        ),
        'digests.json',
        'realtime-v0.3.0-compose.tar.gz',
      ].sort(),
    );
    const verified = await run('verify', 'realtime@v0.3.0', '--json');
    expect(verified.exitCode, verified.output).toBe(0);
    const report = resultOf<{ verified: boolean; counts: { wrong: number; notRun: number } }>(
      verified.stdout,
    );
    expect(report).toMatchObject({ verified: true, counts: { wrong: 0, notRun: 0 } });
  });

  test('is found out by arc verify where a tag was moved', async () => {
    const other = await client.manifest(repo('arc-realtime'), 'v0.1.0');
    await promote({ client, repo: repo('arc-realtime'), digest: other?.digest ?? '', tag: 'v0.3.0' });
    const { exitCode, stdout } = await run('verify', 'realtime@v0.3.0');
    expect(exitCode).toBe(1);
    expect(stdout).toContain('realtime v0.3.0 is not correct');
  });
});

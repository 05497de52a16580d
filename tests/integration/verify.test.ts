import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openRegistryClient, type RegistryClient } from '../../src/registry/client.ts';
import type { StoredManifest } from '../../src/registry/model.ts';
import { type BuildKit, buildKitNeeds, startBuildKit } from '../support/buildkit.ts';
import { type GithubServer, githubToken, startGithub } from '../support/github-server.ts';
import { type ImageWorkspace, makeImageWorkspace } from '../support/image-workspace.ts';
import { needs } from '../support/needs.ts';
import { type RegistryServer, startRegistry } from '../support/registry.ts';
import { type Ran, resultOf, runArc } from '../support/run-arc.ts';
import { pushIndex, pushManifest } from './registry-kit.ts';
import { getSuppliers, makeKey } from './supply-kit.ts';

// A real release, made by arc with real buildx, BuildKit, syft and cosign in a real registry, and then what can be
// wrong with one. The base is a stand-in, for what is in it makes no difference.

const password = 'password-of-the-key';
const tag = 'front/v0.1.0';

type Report = {
  subject: string;
  commit: string | null;
  verified: boolean;
  counts: { ok: number; wrong: number; notRun: number };
  images: readonly { role: string | null; image: string; digest: string | null }[];
};

describe('arc verify', needs(...buildKitNeeds, 'docker-registry'), () => {
  let folder: string;
  let workspace: ImageWorkspace;
  let registry: RegistryServer;
  let buildkit: BuildKit;
  let github: GithubServer;
  let client: RegistryClient;
  let environment: Record<string, string>;
  let commit: string;
  let released: StoredManifest;

  const repo = (name: string) => ({ registry: registry.address, repository: `arc-test/arc-${name}` });
  const system = `/usr/bin:/bin:${dirname(process.execPath)}`;
  const arc = (
    args: readonly string[],
    extra: Record<string, string> = {},
    cwd = workspace.root,
  ): Promise<Ran> => runArc(args, { cwd, environment: { ...environment, ...extra } });
  const verify = (what: string, ...flags: readonly string[]) => arc(['verify', what, ...flags]);
  const put = (reference: string, { mediaType, bytes }: StoredManifest) =>
    client.putManifest(repo('front'), { reference, mediaType, bytes });

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'arc-verify-'));
    registry = await startRegistry({ folder: join(folder, 'registry'), auth: false });
    buildkit = await startBuildKit();
    client = openRegistryClient({ environment: {}, signal: new AbortController().signal });
    const base = { registry: registry.address, repository: 'hub/base' };
    const manifests = [];
    for (const architecture of ['amd64', 'arm64'])
      manifests.push(await pushManifest({ client, repo: base, architecture }));
    await pushIndex({ client, repo: base, tag: '1.0', manifests });
    workspace = await makeImageWorkspace({
      registry: registry.address,
      base: `${registry.address}/hub/base:1.0`,
    });
    workspace.write(
      'arc.yaml',
      workspace.read('arc.yaml').replace('github.com/arc-test/arc }', 'github.com/arc-test/arc, sign: key }'),
    );
    const origin = join(folder, 'origin.git');
    execFileSync('git', ['init', '--quiet', '--bare', origin]);
    workspace.git('remote', 'add', 'origin', origin);
    workspace.git('config', 'user.name', 'Ada');
    workspace.git('config', 'user.email', 'ada@example.com');
    github = await startGithub({
      repository: 'arc-test/arc',
      hasTag: (name) =>
        execFileSync('git', ['tag', '--list', name], { cwd: origin, encoding: 'utf8' }).trim() === name,
    });
    const tools = await getSuppliers(folder);
    const { key, publicKey } = await makeKey({ folder, name: 'test', password, cosign: tools.cosign });
    environment = {
      ...buildkit.environment,
      GITHUB_API_URL: github.api,
      GITHUB_TOKEN: githubToken,
      PATH: `${tools.syft}:${tools.cosign}:${system}`,
      ARC_COSIGN_KEY: key,
      ARC_COSIGN_PUBLIC_KEY: publicKey,
      COSIGN_PASSWORD: password,
    };
    const succeed = async (...args: string[]) => {
      const { exitCode, output } = await arc(args);
      expect(exitCode, output).toBe(0);
    };
    await succeed('images', 'lock', 'front');
    commit = await workspace.commit('the workspace');
    workspace.git('push', '--quiet', 'origin', 'HEAD:main');
    // Of the same commit, so that `sha-<commit>` moves from one to the other.
    await succeed('release', 'front', 'v0.1.0-rc.1');
    await succeed('release', 'front', 'v0.1.0');
    const stored = await client.manifest(repo('front'), 'v0.1.0');
    if (stored === undefined) throw new Error('there is no v0.1.0 after its release');
    released = stored;
    // What the manifests say now is not what the release was made from.
    workspace.write(
      'services/front/service.yaml',
      workspace.read('services/front/service.yaml').replace('says "ok"', 'says more'),
    );
    await workspace.commit('another description');
  });
  afterAll(async () => {
    await client?.close();
    await github?.close();
    await buildkit?.close();
    await registry?.close();
    workspace?.remove();
    rmSync(folder, { recursive: true, force: true });
  });
  beforeEach(async () => {
    for (const name of ['v0.1.0', 'front-v0.1.0']) await put(name, released);
    workspace.git('tag', '--force', tag, commit);
  });

  /** The facts of a failure; it has status 1, and says so in its last line. */
  function failure({ exitCode, stdout, stderr }: Ran): string {
    expect(exitCode, stderr).toBe(1);
    expect(stderr).toBe('');
    expect(stdout).toMatch(/ is not correct: \d+ of \d+ checks failed\.[^\n]*$/);
    return stdout;
  }

  describe('a release as it was made', () => {
    it.each([[tag], ['front', 'v0.1.0']])('%s %s is correct: arc checks everything', async (...what) => {
      const { exitCode, stdout, stderr } = await arc(['verify', ...what]);
      expect(exitCode, stdout).toBe(0);
      expect(stderr).toBe('');
      const results = stdout.split('\n').map((line) => line.replace(/ {2,}/g, ' | '));
      expect(results[1]).toBe(`✓ | git | The tag ${tag} is commit ${commit}.`);
      for (const role of ['front', 'front-worker'])
        expect(results.filter((line) => line.startsWith(`✓ | ${role} | `))).toEqual([
          `✓ | ${role} | tags | v0.1.0 and front-v0.1.0 are this image.`,
          expect.stringMatching(/ \| image \| The registry has it: sha256:/),
          `✓ | ${role} | image | It is for linux/amd64, linux/arm64.`,
          expect.stringMatching(/ \| labels \| The \d+ labels of linux\/amd64 are correct\.$/),
          expect.stringMatching(/ \| labels \| The \d+ labels of linux\/arm64 are correct\.$/),
          expect.stringMatching(/ \| sbom \| The SBOM of linux\/amd64 is about this image/),
          expect.stringMatching(/ \| sbom \| The SBOM of linux\/arm64 is about this image/),
          expect.stringMatching(/ \| provenance \| The provenance is about this image, commit /),
          `✓ | ${role} | signature | The image is signed.`,
          `✓ | ${role} | signature | The SBOM of linux/amd64 is signed.`,
          `✓ | ${role} | signature | The SBOM of linux/arm64 is signed.`,
          `✓ | ${role} | signature | The provenance is signed.`,
        ]);
      expect(results.at(-1)).toBe('front v0.1.0 is correct: 25 checks passed.');
    });

    it('a release candidate stays what it should be after the release of the same commit', async () => {
      const { exitCode, stdout } = await verify('front/v0.1.0-rc.1', '--strict');
      expect(exitCode, stdout).toBe(0);
      expect(stdout).toMatch(/front v0\.1\.0-rc\.1 is correct: 25 checks passed\.$/);
    });

    it('can be had as data', async () => {
      const { exitCode, stdout } = await verify('front@v0.1.0', '--json');
      expect(exitCode).toBe(0);
      expect(resultOf<Report>(stdout)).toMatchObject({
        subject: 'front v0.1.0',
        commit,
        verified: true,
        counts: { ok: 25, wrong: 0, notRun: 0 },
        images: [
          { role: 'front', image: `${registry.address}/arc-test/arc-front:v0.1.0`, digest: released.digest },
          { role: 'front-worker' },
        ],
      });
    });

    it('can be asked for by one of its images, by tag or by digest, which is then the only one', async () => {
      const name = `${registry.address}/arc-test/arc-front`;
      for (const at of [':v0.1.0', ':front-v0.1.0', `@${released.digest}`, ':latest']) {
        const { exitCode, stdout } = await verify(`${name}${at}`, '--json');
        expect(exitCode, stdout).toBe(0);
        const { subject, images, counts } = resultOf<Report>(stdout);
        expect({ subject, roles: images.map(({ role }) => role), counts }).toEqual({
          subject: 'front v0.1.0',
          roles: ['front'],
          counts: { ok: 13, wrong: 0, notRun: 0 },
        });
      }
    });

    it('without cosign says what was not run; --strict does not put up with that', async () => {
      const without = { PATH: system };
      const { exitCode, stdout } = await arc(['verify', tag], without);
      expect(exitCode).toBe(0);
      expect(stdout).toContain('not run: front: Signatures were not checked: cosign is not installed.');
      expect(stdout).toMatch(/front v0\.1\.0 is correct: 17 checks passed\. 2 were not run\.$/);
      expect((await arc(['verify', tag, '--strict'], without)).exitCode).toBe(1);
      expect((await verify(tag, '--strict')).exitCode).toBe(0);
    });
  });

  describe('a release that was made without syft', () => {
    it('is what it should be, and said to have no SBOM, until the release is gone on with where there is syft', async () => {
      workspace.git('push', '--quiet', 'origin', 'HEAD:main');
      const [, cosign] = environment.PATH?.split(':') ?? [];
      const made = await arc(['release', 'front', 'v0.2.0-rc.1'], { PATH: `${cosign}:${system}` });
      expect(made.exitCode, made.output).toBe(0);
      const { exitCode, stdout } = await verify('front/v0.2.0-rc.1');
      expect(exitCode, stdout).toBe(0);
      expect(stdout).toContain(
        'not run: front: linux/amd64 has no SBOM, so there is none to check. (where there is syft, arc release front v0.2.0-rc.1 at the commit of the release adds it)',
      );
      expect((await verify('front/v0.2.0-rc.1', '--strict')).exitCode).toBe(1);
      const again = await arc(['release', 'front', 'v0.2.0-rc.1']);
      expect(again.exitCode, again.output).toBe(0);
      const whole = await verify('front/v0.2.0-rc.1', '--strict');
      expect(whole.exitCode, whole.stdout).toBe(0);
    });
  });

  describe('a release of which something is wrong', () => {
    it('a version tag was moved to another image: the digests, and what that image says', async () => {
      const manifests = [];
      for (const architecture of ['amd64', 'arm64'])
        manifests.push(
          await pushManifest({
            client,
            repo: repo('front'),
            architecture,
            labels: {
              'org.opencontainers.image.version': 'v0.1.0',
              'org.opencontainers.image.revision': 'f'.repeat(40),
            },
          }),
        );
      const moved = await pushIndex({ client, repo: repo('front'), tag: 'v0.1.0', manifests });
      const said = failure(await verify(tag));
      expect(said).toContain(`front tags:\n  front-v0.1.0: ${released.digest}\n`);
      expect(said).toContain(`org.opencontainers.image.revision is "${'f'.repeat(40)}", not "${commit}"`);
      expect(said).toMatch(/^✗ +front +provenance +The image has no provenance\.$/m);
      expect(said).toMatch(/^✗ +front +signature +The image is not signed\.$/m);
      expect(said).toMatch(/^✓ +front-worker +tags /m);
      const named = failure(await verify(`${registry.address}/arc-test/arc-front@${released.digest}`));
      expect(named).toContain(`The registry has ${moved.digest}, and not ${released.digest}.`);
    });

    it('one of its tags is missing, or was never made', async () => {
      workspace.git('tag', '--force', 'front/v0.2.0', commit);
      const said = failure(await verify('front/v0.2.0'));
      expect(said).toContain(`${registry.address}/arc-test/arc-front has no v0.2.0 in the registry.`);
      await client.putManifest(repo('front'), { reference: 'v0.3.0', ...pick(released) });
      workspace.git('tag', '--force', 'front/v0.3.0', commit);
      expect(failure(await verify('front/v0.3.0'))).toContain(
        'front tags:\n  front-v0.3.0: there is no such tag',
      );
    });

    it('the git tag was moved: labels and provenance name another commit', async () => {
      const head = workspace.git('rev-parse', 'HEAD');
      workspace.git('tag', '--force', tag, head);
      const said = failure(await verify(tag));
      expect(said).toContain(`org.opencontainers.image.revision is "${commit}", not "${head}"`);
      expect(said).toContain(`it names commit ${commit}, not ${head}`);
      expect(said).toContain(`org.opencontainers.image.description is `);
    });

    it('the clone has no such git tag: that is wrong, and the rest is looked at all the same', async () => {
      workspace.git('tag', '--delete', tag);
      const said = failure(await verify(tag));
      expect(said).toContain('git:\n  git fetch --tags gets those of the remote');
      expect(said).toMatch(/^✓ +front +signature +The image is signed\.$/m);
      expect(said).toMatch(/ 1 of 25 checks failed\.$/);
    });

    it('somebody else has signed', async () => {
      const other = await makeKey({
        folder,
        name: 'other',
        password,
        cosign: environment.PATH?.split(':')[1] ?? '',
      });
      const ran = await arc(['verify', tag], { ARC_COSIGN_PUBLIC_KEY: other.publicKey });
      expect(failure(ran)).toMatch(/^✗ +front +signature +The image is signed by somebody else\.$/m);
    });
  });

  describe('an image of no release', () => {
    it('that a rehearsal has built is held against the commit that its label names, whatever its version', async () => {
      const { exitCode, output } = await arc(['release', 'front', 'v0.4.0', '--rehearsal']);
      expect(exitCode, output).toBe(0);
      const head = workspace.git('rev-parse', 'HEAD');
      const tag = `sha-${head.slice(0, 12)}`;
      const name = `${registry.address}/arc-test/arc-front`;
      const ran = await verify(`${name}:${tag}`);
      expect(ran.exitCode, ran.stdout).toBe(0);
      const results = ran.stdout.split('\n').map((line) => line.replace(/ {2,}/g, ' | '));
      expect(results[1]).toBe(`✓ | git | Its label names commit ${head}, which this clone has.`);
      expect(results[2]).toBe(`✓ | front | tags | ${tag} is an image of that commit.`);
      const built = await client.manifest(repo('front'), tag);
      expect((await verify(`${name}@${built?.digest}`)).exitCode).toBe(0);

      // What it says of itself is what another commit makes of it.
      await put(tag, released);
      expect(failure(await verify(`${name}:${tag}`))).toContain(`front tags:\n  its label names ${commit}`);
    });

    it('sha-<commit> is looked at itself, also where it is a release', async () => {
      const tag = `sha-${commit.slice(0, 12)}`;
      const ran = await verify(`${registry.address}/arc-test/arc-front:${tag}`);
      expect(ran.exitCode, ran.stdout).toBe(0);
      expect(ran.stdout).toContain(`${tag} is an image of that commit.`);
    });

    it('latest is held against the release that it says it is', async () => {
      const labels = { 'org.opencontainers.image.version': 'v0.1.0' };
      const other = await pushManifest({ client, repo: repo('front'), architecture: 'amd64', labels });
      await pushIndex({ client, repo: repo('front'), tag: 'latest', manifests: [other] });
      const said = failure(await verify(`${registry.address}/arc-test/arc-front:latest`));
      expect(said).toContain(`The registry has ${released.digest}, and not sha256:`);
      await put('latest', released);
    });

    it('is held against itself, in or out of a workspace', async () => {
      const name = `${registry.address}/hub/base:1.0`;
      for (const cwd of [workspace.root, folder]) {
        const ran = await arc(['verify', name], {}, cwd);
        const said = failure(ran);
        expect(said).toContain(
          'not run: Not compared with git: no service of a workspace here has this image.',
        );
        expect(said).toContain('Its platforms do not agree on one label org.opencontainers.image.revision.');
      }
    });

    it('that does not exist is said', async () => {
      expect(failure(await verify(`${registry.address}/nothing/here:v1.0.0`))).toContain(
        'has no v1.0.0 in the registry.',
      );
    });
  });

  describe('what cannot be verified', () => {
    it.each([
      ['fron/v0.1.0', 2, 'did you mean `front`?'],
      ['front', 2, 'error[nothing-to-verify]'],
      ['front/0.1.0', 2, 'did you mean v0.1.0?'],
      ['127.0.0.1:1/a/b:v0.1.0', 1, 'error[registry-unreachable]'],
    ])('%s: status %i', async (what, status, text) => {
      const { exitCode, stdout, stderr } = await verify(what);
      expect(exitCode).toBe(status);
      expect(stdout).toBe('');
      expect(stderr).toContain(text);
    });
  });
});

function pick({ mediaType, bytes }: StoredManifest) {
  return { mediaType, bytes };
}

import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openRegistryClient, type RegistryClient } from '../../src/registry/client.ts';
import { readImage } from '../../src/registry/image.ts';
import { promote } from '../../src/registry/promote.ts';
import { type BuildKit, buildKitNeeds, startBuildKit } from '../support/buildkit.ts';
import { type GithubServer, githubToken, startGithub } from '../support/github-server.ts';
import { needs } from '../support/needs.ts';
import { type RegistryServer, startRegistry } from '../support/registry.ts';
import { runArc } from '../support/run-arc.ts';
import { makeWorkspace, type TestWorkspace } from '../support/workspace.ts';
import { pushTinyImage } from './supply-kit.ts';

// The whole command, with real buildx and BuildKit and a real registry. The base is a stand-in: what is laid onto it is
// what the workspace has.

const postgres = { repository: 'pgvector/pgvector', tag: '0.8.6-pg18-bookworm' };
const minio = { repository: 'minio/minio', tag: 'RELEASE.2025-09-07T16-13-09Z' };
/** Of the sidecar that shows what PostgreSQL does. */
const exporter = { repository: 'prometheuscommunity/postgres-exporter', tag: 'v0.17.1' };
const layerLimit = 256 * 2 ** 20;

let folder: string;
let workspace: TestWorkspace;
let buildkit: BuildKit;
let registry: RegistryServer;
let github: GithubServer;
let client: RegistryClient;
let baseDigest: string;

const git = (...args: string[]) =>
  execFileSync('git', args, { cwd: workspace.root, encoding: 'utf8', stdio: 'pipe' }).trim();
// npm asks its registry: with the authorities that this machine trusts.
const { NODE_EXTRA_CA_CERTS: authorities } = process.env;
const arc = (...args: string[]) =>
  runArc(args, {
    cwd: workspace.root,
    environment: {
      ...buildkit.environment,
      ...(authorities === undefined ? {} : { NODE_EXTRA_CA_CERTS: authorities }),
      GITHUB_API_URL: github.api,
      GITHUB_TOKEN: githubToken,
    },
    limitMilliseconds: 300_000,
  });

async function filesOf(digest: string): Promise<readonly string[]> {
  const repo = { registry: registry.address, repository: 'arc-framework/arc-sql-backup' };
  const manifest = await client.manifest(repo, digest);
  const { layers } = JSON.parse(String(manifest?.bytes)) as { layers: { digest: string }[] };
  const lists = await Promise.all(
    layers.map(async (layer) => {
      const blob = await client.blob(repo, layer.digest, { limitBytes: layerLimit });
      return (await execa('tar', ['-t'], { input: gunzipSync(blob) })).stdout.split('\n');
    }),
  );
  return lists.flat();
}

describe(
  'a release of a service with a program of the workspace',
  needs(...buildKitNeeds, 'docker-registry'),
  () => {
    beforeAll(async () => {
      folder = mkdtempSync(join(tmpdir(), 'arc-release-program-'));
      registry = await startRegistry({ folder: join(folder, 'registry'), auth: false });
      buildkit = await startBuildKit();
      client = openRegistryClient({ environment: {}, signal: new AbortController().signal });
      // The storage's, too: the backups need it, so it is locked with them.
      for (const { repository, tag } of [minio, exporter, postgres]) {
        const repo = { registry: registry.address, repository };
        baseDigest = (await pushTinyImage({ client, repo })).digest;
        await promote({ client, repo, digest: baseDigest, tag });
      }
      const origin = join(folder, 'origin.git');
      github = await startGithub({
        repository: 'o/r',
        hasTag: (name) =>
          execFileSync('git', ['tag', '--list', name], { cwd: origin, encoding: 'utf8' }).trim() === name,
      });
      workspace = makeWorkspace();
      const manifest = 'services/sql/service.yaml';
      workspace.write(manifest, workspace.read(manifest).replaceAll('ghcr.io/', `${registry.address}/`));
      const settings = workspace.read('arc.yaml').replace(/\nrelease:[\s\S]*$/, '\n');
      workspace.write(
        'arc.yaml',
        `${settings}mirrors: { docker.io: "${registry.address}", quay.io: "${registry.address}" }\nrelease: { repository: "https://github.com/o/r" }\n`,
      );
      execFileSync('git', ['init', '--quiet', '--bare', origin]);
      git('init', '--quiet', '--initial-branch=main');
      git('config', 'user.name', 'Ada');
      git('config', 'user.email', 'ada@example.com');
      git('remote', 'add', 'origin', origin);
      for (const args of [['generate'], ['images', 'lock', 'sql']]) {
        const { exitCode, output } = await arc(...args);
        expect(exitCode, output).toBe(0);
      }
      writeFileSync(workspace.path('.gitignore'), '.arc\n');
      git('add', '--all');
      git('commit', '--quiet', '--message', 'the workspace');
      git('push', '--quiet', 'origin', 'HEAD:main');
    }, 120_000);

    afterAll(async () => {
      await client?.close();
      await github?.close();
      await buildkit?.close();
      await registry?.close();
      workspace?.remove();
      rmSync(folder, { recursive: true, force: true });
    });

    test('lays the program and its Node.js onto the base that a registry has, for each platform', async () => {
      const { exitCode, output } = await arc('release', 'sql', 'v0.1.0');
      expect(exitCode, output).toBe(0);
      const repo = { registry: registry.address, repository: 'arc-framework/arc-sql-backup' };
      const image = await readImage({ client, repo, reference: 'v0.1.0' });
      expect(image?.platforms.map(({ platform }) => platform).toSorted()).toEqual([
        'linux/amd64',
        'linux/arm64',
      ]);
      for (const { digest } of image?.platforms ?? []) {
        const files = await filesOf(digest);
        expect(files).toEqual(
          expect.arrayContaining([
            'usr/local/bin/node',
            'opt/sql-backup/main.ts',
            'opt/sql-backup/node_modules/pg/package.json',
          ]),
        );
        // The recipe's own PostgreSQL is for a machine that reaches no registry.
        expect(files.filter((file) => file.startsWith('usr/lib/postgresql/'))).toEqual([]);
      }
      expect(image?.platforms[0]?.labels).toMatchObject({
        'org.opencontainers.image.base.name': `docker.io/${postgres.repository}:${postgres.tag}`,
        'org.opencontainers.image.base.digest': baseDigest,
      });
    }, 600_000);

    test('is what `arc verify` expects of the commit, and done again builds nothing', async () => {
      const verify = await arc('verify', 'sql', 'v0.1.0');
      expect(verify.output).toMatch(/✓ +sql-backup +image /);
      const again = await arc('release', 'sql', 'v0.1.0');
      expect(again.exitCode, again.output).toBe(0);
      expect(again.output).not.toContain('building');
    });

    test('leaves nothing of the build in the workspace', () => {
      const left = readdirSync(workspace.path('.arc')).filter((name) => name.startsWith('build-'));
      expect(left).toEqual([]);
    });
  },
);

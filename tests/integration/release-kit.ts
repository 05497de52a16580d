import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ArcError } from '../../src/core/errors.ts';
import type { ArcEvent } from '../../src/core/event.ts';
import { Secret } from '../../src/core/secret.ts';
import { readGitSource } from '../../src/git/source.ts';
import { openGithub } from '../../src/github/client.ts';
import { openRegistryClient, type RegistryClient } from '../../src/registry/client.ts';
import { type RegistryImage, readImage } from '../../src/registry/image.ts';
import { executeRelease, type Released } from '../../src/release/execute.ts';
import type { ReleaseImage, ReleaseRequest, ToolFinder } from '../../src/release/model.ts';
import { observeRelease } from '../../src/release/observe.ts';
import { planRelease, type ReleasePlan } from '../../src/release/plan.ts';
import { printReleasePlan } from '../../src/release/print-plan.ts';
import { type FaultProxy, startFaultProxy } from '../support/fault-proxy.ts';
import { type GithubServer, githubToken, startGithub } from '../support/github-server.ts';
import { type RegistryServer, registryPassword, registryUser, startRegistry } from '../support/registry.ts';
import { pushIndex, pushManifest } from './registry-kit.ts';

/** A repository, a registry and GitHub, to release from and to; all but the last are the real thing. */
export type ReleaseStage = {
  root: string;
  github: GithubServer;
  registry: RegistryServer;
  /** Between arc and the registry. */
  proxy: FaultProxy;
  /** Straight to the registry. */
  client: RegistryClient;
  request: ReleaseRequest;
  events: ArcEvent[];
  git: (...args: string[]) => string;
  /** Commits everything, and pushes it. */
  commit: (message: string) => string;
  /** How often images were built. */
  built: () => readonly string[];
  plan: (request?: Partial<ReleaseRequest>) => Promise<{ plan: ReleasePlan; lines: readonly string[] }>;
  /** @param options.onEvent may throw: the release is then interrupted */
  release: (options?: {
    request?: Partial<ReleaseRequest>;
    onEvent?: (event: ArcEvent) => 'interrupt' | undefined;
  }) => Promise<Released>;
  /** What users of the release see, in a form that can be compared. */
  outcome: () => Promise<Outcome>;
  close: () => Promise<void>;
};

export type Outcome = {
  tags: Record<string, Record<string, string>>;
  /** Types of what is attached to each image, sorted. */
  attached: Record<string, readonly string[]>;
  gitTags: readonly string[];
  releases: readonly { tag: string; draft: boolean; assets: Record<string, string> }[];
};

const roles = ['realtime', 'realtime-ingress'];

export async function openReleaseStage(): Promise<ReleaseStage> {
  const folder = mkdtempSync(join(tmpdir(), 'arc-release-'));
  const origin = join(folder, 'origin.git');
  const root = join(folder, 'clone');
  execFileSync('git', ['init', '--quiet', '--bare', origin]);
  execFileSync('git', ['clone', '--quiet', origin, root], { stdio: 'ignore' });
  const git = (...args: string[]) =>
    execFileSync('git', args, { cwd: root, encoding: 'utf8', stdio: 'pipe' }).trim();
  git('config', 'user.name', 'Ada');
  git('config', 'user.email', 'ada@example.com');
  mkdirSync(join(root, 'services', 'realtime'), { recursive: true });
  for (const role of roles)
    writeFileSync(join(root, 'services', 'realtime', `Dockerfile.${role}`), 'FROM scratch\n');
  const commit = (message: string): string => {
    git('add', '--all');
    git('commit', '--quiet', '--allow-empty', '--message', message);
    git('push', '--quiet', 'origin', 'HEAD:main');
    return git('rev-parse', 'HEAD');
  };
  commit('the service');

  const registry = await startRegistry({ folder: join(folder, 'registry'), auth: true });
  const proxy = await startFaultProxy({ upstream: registry.address });
  const login = { auth: Buffer.from(`${registryUser}:${registryPassword}`).toString('base64') };
  const auths = { [registry.address]: login, [proxy.address]: login };
  writeFileSync(join(folder, 'config.json'), JSON.stringify({ auths }));
  const github = await startGithub({
    repository: 'o/r',
    hasTag: (name) =>
      execFileSync('git', ['tag', '--list', name], { cwd: origin, encoding: 'utf8' }).trim() === name,
  });
  // Without syft, trivy and cosign: what they attach has tests of its own.
  const environment = { HOME: folder, DOCKER_CONFIG: folder, PATH: '/usr/bin/nothing' };
  const signal = new AbortController().signal;
  const client = openRegistryClient({ environment, signal });

  const images = roles.map(
    (role): ReleaseImage => ({
      role,
      name: `arc-${role}`,
      repository: { registry: proxy.address, repository: `o/arc-${role}` },
      dockerfile: `services/realtime/Dockerfile.${role}`,
      base: { reference: `docker.io/base/${role}:1`, digest: `sha256:${'1'.repeat(64)}` },
    }),
  );
  const request: ReleaseRequest = {
    service: 'realtime',
    version: 'v0.1.0',
    images,
    platforms: ['linux/amd64', 'linux/arm64'],
    repository: 'https://github.com/o/r',
    sign: 'none',
    rehearsal: false,
    requireScan: false,
  };
  const missing = { there: false, reason: 'not part of this test' } as const;
  const tools: ToolFinder = {
    builder: async () => ({ there: true, name: 'of the test' }),
    sbom: missing,
    scanner: missing,
    signer: async () => missing,
  };
  const events: ArcEvent[] = [];
  const built: string[] = [];
  const straight = (image: ReleaseImage) => ({ ...image.repository, registry: registry.address });

  async function build(options: {
    through: RegistryClient;
    wanted: readonly ReleaseImage[];
    version: string;
  }): Promise<readonly { role: string; image: RegistryImage }[]> {
    const source = await readGitSource({ root, signal });
    const labels = (name: string) => ({
      'org.opencontainers.image.title': name,
      'org.opencontainers.image.revision': source?.commit ?? '',
      'org.opencontainers.image.version': options.version,
    });
    return await Promise.all(
      options.wanted.map(async ({ role, name, repository }) => {
        built.push(role);
        const manifests = await Promise.all(
          ['amd64', 'arm64'].map((architecture) =>
            pushManifest({ client: options.through, repo: repository, architecture, labels: labels(name) }),
          ),
        );
        // By a tag that is of the test alone: the registry then has the index, as after a push by digest.
        const { digest } = await pushIndex({
          client: options.through,
          repo: repository,
          tag: 'built',
          manifests,
        });
        const image = await readImage({ client: options.through, repo: repository, reference: digest });
        if (image === undefined) throw new Error('the registry has what was pushed');
        return { role, image };
      }),
    );
  }

  async function prepare(options: {
    changes: Partial<ReleaseRequest>;
    signal: AbortSignal;
    patience?: number;
  }) {
    const source = await readGitSource({ root, signal });
    if (source === undefined) throw new Error('the stage has a commit');
    const wanted = { ...request, ...options.changes };
    const through = openRegistryClient({ environment, signal: options.signal });
    const host = openGithub({
      repository: { owner: 'o', repo: 'r' },
      api: github.api,
      token: new Secret(githubToken),
      signal: options.signal,
      patience: 10,
    });
    const context = { root, signal: options.signal };
    const snapshot = await observeRelease({
      request: wanted,
      source,
      git: context,
      registry: through,
      github: host,
      tools,
      problems: [],
    });
    const planned = planRelease({ request: wanted, snapshot });
    if ('problems' in planned) throw new ArcError({ problem: planned.problems, status: 2 });
    return { plan: planned.plan, snapshot, registry: through, github: host, git: context };
  }

  return {
    root,
    github,
    registry,
    proxy,
    client,
    request,
    events,
    git,
    commit,
    built: () => built,
    plan: async (changes = {}) => {
      const { plan, registry: through } = await prepare({ changes, signal });
      await through.close();
      return {
        plan,
        lines: printReleasePlan(plan)
          .split('\n')
          .map((line) => line.replace(/ {2,}/g, '  ')),
      };
    },
    release: async ({ request: changes = {}, onEvent } = {}) => {
      const controller = new AbortController();
      const prepared = await prepare({ changes, signal: controller.signal });
      try {
        return await executeRelease({
          ...prepared,
          environment,
          signal: controller.signal,
          emit: (event) => {
            events.push(event);
            if (onEvent?.(event) === 'interrupt') controller.abort(new Error('interrupted'));
          },
          build: (wanted) =>
            build({
              through: prepared.registry,
              wanted,
              version: changes.version ?? request.version,
            }),
          servicePaths: ['services/realtime'],
          bundle: () => ({
            files: [{ path: 'services/realtime/docker-compose.yml', text: 'services: {}\n' }],
            composeFile: 'services/realtime/docker-compose.yml',
            network: 'net',
          }),
        });
      } finally {
        await prepared.registry.close();
      }
    },
    outcome: async () => {
      const tags: Outcome['tags'] = {};
      const attached: Record<string, readonly string[]> = {};
      for (const image of images) {
        const repo = straight(image);
        const names = (await client.tags(repo)).filter(
          (name) => name !== 'built' && !name.startsWith('sha256-'),
        );
        const digests = await Promise.all(
          names
            .toSorted()
            .map(async (name) => [name, (await client.manifest(repo, name))?.digest ?? ''] as const),
        );
        tags[image.name] = Object.fromEntries(digests);
        const digest = tags[image.name]?.[`sha-${git('rev-parse', 'HEAD').slice(0, 12)}`];
        attached[image.name] =
          digest === undefined
            ? []
            : (await client.referrers(repo, digest)).map(({ artifactType = '' }) => artifactType).toSorted();
      }
      return {
        tags,
        attached,
        gitTags: execFileSync('git', ['tag', '--list'], { cwd: origin, encoding: 'utf8' })
          .split('\n')
          .filter(Boolean),
        releases: github.releases.map(({ tag_name, draft, assets }) => ({
          tag: tag_name,
          draft,
          assets: Object.fromEntries(assets.map(({ name, digest }) => [name, digest])),
        })),
      };
    },
    close: async () => {
      await client.close();
      await github.close();
      await proxy.close();
      await registry.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

import { existsSync, globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { parseLock } from '../../src/images/lock/parse.ts';
import type { Descriptor } from '../../src/registry/model.ts';
import { type FaultProxy, startFaultProxy } from '../support/fault-proxy.ts';
import { needs } from '../support/needs.ts';
import { type RegistryServer, registryPassword, registryUser, startRegistry } from '../support/registry.ts';
import { repository, runArc } from '../support/run-arc.ts';
import { makeWorkspace, type TestWorkspace } from '../support/workspace.ts';
import { pushIndex, pushManifest, type TestClient, testClient } from './registry-kit.ts';

// `arc images lock` as a person types it, in this repository's own workspace, with real registries that stand in for
// Docker Hub and quay.io as their mirrors. What its entries do to pulls is in images-locked.test.ts.

const canServe = needs('docker-registry');
const redis = 'docker.io/library/redis:7.4-bookworm';
const server = 'docker.io/livekit/livekit-server:v1.13.5';
const ingress = 'docker.io/livekit/ingress:v1.5.0';
const egress = 'docker.io/livekit/egress:v1.14.0';
/** Of the sidecar of cache. */
const exporter = 'docker.io/oliver006/redis_exporter:v1.74.0-alpine';

/** Every base of this repository that a registry has. */
const bases: readonly string[] = [
  ...new Set(
    globSync('services/*/service.yaml', { cwd: repository }).flatMap((path) =>
      Array.from(
        readFileSync(join(repository, path), 'utf8').matchAll(/^\s*(?:upstream|release_base): "?([^\s"]+)/gm),
        ([, reference = '']) => reference,
      ).filter((reference) => !reference.startsWith('localhost/')),
    ),
  ),
];
const onHub = bases.filter((reference) => reference.startsWith('docker.io/'));

let folder: string;
let hub: RegistryServer;
let proxy: FaultProxy;
let quay: RegistryServer;
let registries: TestClient;
let published: Map<string, Published>;

type Published = { digest: string; platforms: Record<string, string> };

let workspace: TestWorkspace;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'arc-lock-'));
  hub = await startRegistry({ folder: join(folder, 'hub'), auth: false });
  proxy = await startFaultProxy({ upstream: hub.address });
  quay = await startRegistry({ folder: join(folder, 'quay'), auth: true });
  registries = testClient({
    folder: join(folder, 'docker'),
    logins: { [quay.address]: `${registryUser}:${registryPassword}` },
  });
});
beforeEach(async () => {
  workspace = makeWorkspace();
  mirror({ 'docker.io': `${proxy.address}/hub`, 'quay.io': quay.address });
  published = new Map();
  for (const reference of bases) await publish(reference, 'one');
});
afterEach(() => {
  proxy.heal();
  workspace.remove();
});
afterAll(async () => {
  await registries?.client.close();
  await proxy?.close();
  await hub?.close();
  await quay?.close();
  rmSync(folder, { recursive: true, force: true });
});

function mirror(mirrors: Record<string, string>): void {
  const before = workspace.read('arc.yaml').replace(/^mirrors: .*\n/m, '');
  workspace.write('arc.yaml', `${before}mirrors: ${JSON.stringify(mirrors)}\n`);
}

/** Where a name is kept in the registry that stands in for its own. */
function placeOf(reference: string) {
  const [, registry, repository = '', tag = ''] = /^([^/]+)\/(.+):([^:]+)$/.exec(reference) ?? [];
  return registry === 'quay.io'
    ? { repo: { registry: quay.address, repository }, tag }
    : { repo: { registry: hub.address, repository: `hub/${repository}` }, tag };
}

/** Publishes an image for several processors under a name; another `edition` is another image. */
async function publish(
  reference: string,
  edition: string,
  architectures: readonly [string, string?][] = [['amd64'], ['arm64', 'v8'], ['arm', 'v7']],
): Promise<Published> {
  const { repo, tag } = placeOf(reference);
  const { client } = registries;
  const manifests: Descriptor[] = [];
  for (const [architecture, variant] of architectures) {
    const labels = { edition };
    manifests.push(
      await pushManifest({ client, repo, architecture, labels, ...(variant ? { variant } : {}) }),
    );
  }
  const { digest } = await pushIndex({ client, repo, tag, manifests });
  const known = manifests.filter(({ platform }) => platform?.architecture !== 'arm');
  const platforms = Object.fromEntries(
    known.map(({ platform, digest: of }) => [`linux/${platform?.architecture}`, of]),
  );
  published.set(reference, { digest, platforms });
  return { digest, platforms };
}

const environment = () => ({ DOCKER_CONFIG: join(folder, 'docker') });
const arc = (...args: string[]) => runArc(args, { cwd: workspace.root, environment: environment() });
const file = () => workspace.read('images.lock.yaml');
/** In UTC, as in the file. A test that runs over midnight sees two. */
const today = () => new Date().toISOString().slice(0, 10);

/** What the lock file says, without the dates. */
function locked(): Record<string, Published & { registry: string }> {
  const { lock, problems } = parseLock(file());
  expect(problems).toEqual([]);
  return Object.fromEntries(
    Array.from(lock.bases, ([reference, { registry, digest, platforms }]) => [
      reference,
      { registry, digest, platforms },
    ]),
  );
}

function expected(...references: readonly string[]) {
  return Object.fromEntries(
    references.map((reference) => [
      reference,
      { registry: reference.split('/')[0], ...published.get(reference) },
    ]),
  );
}

async function lockAll(): Promise<void> {
  const { exitCode, output } = await arc('images', 'lock');
  expect(exitCode, output).toBe(0);
}

const dates = () => Array.from(file().matchAll(/locked: "(.*)"/g), ([, date]) => date);

/** As if it had been locked long ago. */
function age(): void {
  workspace.write('images.lock.yaml', file().replaceAll(/locked: ".*"/g, 'locked: "2025-01-02"'));
}

describe('arc images lock', canServe, () => {
  it('writes every base of the workspace with its own registry, its digests and the day', async () => {
    const before = today();
    const { exitCode, stdout } = await arc('images', 'lock');
    expect(exitCode).toBe(0);
    expect(locked()).toEqual(expected(...bases));
    expect(dates()).toHaveLength(bases.length);
    for (const date of dates()) expect([before, today()]).toContain(date);
    expect(stdout).toContain(`+ ${redis}  ${published.get(redis)?.digest.slice(0, 19)}`);
    expect(stdout.split('\n').at(-1)).toBe('Wrote images.lock.yaml.');
    // Neither mirrors nor logins are in what is committed.
    for (const text of [quay.address, proxy.address, registryPassword]) expect(file()).not.toContain(text);
  });

  it('asks nobody about what is locked, and leaves it to the byte', async () => {
    await lockAll();
    age();
    const before = file();
    await publish(redis, 'two');
    const asked = proxy.requests.length;
    const { stdout } = await arc('images', 'lock');
    expect(stdout).toBe(`images.lock.yaml is up to date: ${bases.length} bases.`);
    expect(proxy.requests.length).toBe(asked);
    expect(file()).toBe(before);
  });

  it('asks about an index once, whatever the number of its platforms', async () => {
    const before = proxy.count(/^GET .*\/manifests\//);
    await lockAll();
    expect(proxy.count(/^GET .*\/manifests\//) - before).toBe(onHub.length);
    expect(proxy.count(/\/blobs\//)).toBe(0);
  });

  it('locks some and lets the others be', async () => {
    await arc('images', 'lock', 'cache', 'realtime-ingress');
    expect(locked()).toEqual(expected(redis, exporter, ingress));
    await arc('images', 'lock', 'realtime');
    expect(locked()).toEqual(expected(redis, exporter, egress, ingress, server));
    const unknown = await arc('images', 'lock', 'cash');
    expect(unknown).toMatchObject({ exitCode: 2 });
    expect(unknown.stderr).toContain('error[unknown-name]');
  });

  it('takes an image without an index for what its config says', async () => {
    const { repo, tag } = placeOf(redis);
    const { client } = registries;
    const image = await pushManifest({ client, repo, architecture: 'amd64' });
    const stored = await client.manifest(repo, image.digest);
    if (!stored) throw new Error('the registry has lost it');
    await client.putManifest(repo, { reference: tag, ...stored });
    const { exitCode, stderr } = await arc('images', 'lock', 'cache');
    expect(exitCode).toBe(0);
    expect(locked()).toEqual({
      ...expected(exporter),
      [redis]: {
        registry: 'docker.io',
        digest: image.digest,
        platforms: { 'linux/amd64': image.digest },
      },
    });
    expect(stderr).toContain(`The base of cache, ${redis}, has no image for linux/arm64`);
  });
});

describe('arc images lock --update', canServe, () => {
  it('changes the entry of what has moved, and the date of nothing else', async () => {
    await lockAll();
    age();
    const { digest: before } = published.get(redis) ?? {};
    const { digest: after } = await publish(redis, 'three');
    const { exitCode, stdout } = await arc('images', 'lock', '--update');
    expect(exitCode).toBe(0);
    expect(stdout).toBe(
      `~ ${redis}  ${before?.slice(0, 19)} → ${after.slice(0, 19)}\nWrote images.lock.yaml; ${bases.length - 1} bases as before.`,
    );
    expect(locked()).toEqual(expected(...bases));
    expect(
      file()
        .match(/locked: "(.*)"/g)
        ?.toSorted(),
    ).toEqual([...Array(bases.length - 1).fill('locked: "2025-01-02"'), `locked: "${today()}"`].toSorted());
  });

  it('leaves the file to the byte where nothing has moved', async () => {
    await lockAll();
    age();
    const before = file();
    const { stdout } = await arc('images', 'lock', '--update');
    expect(stdout).toBe(`images.lock.yaml is up to date: ${bases.length} bases.`);
    expect(file()).toBe(before);
  });

  it('of one asks about that one only', async () => {
    await lockAll();
    const before = published.get(server);
    await publish(server, 'two');
    await publish(redis, 'four');
    await arc('images', 'lock', '--update', 'cache');
    published.set(server, before ?? { digest: '', platforms: {} });
    expect(locked()).toEqual(expected(...bases));
  });
});

describe('a lock and manifests that have moved on', canServe, () => {
  const newer = 'docker.io/library/redis:7.4.2-bookworm';

  it('is found by --check, which asks nobody, and by validate', async () => {
    const before = await arc('images', 'lock', '--check');
    expect(before).toMatchObject({ exitCode: 3 });
    expect(before.stdout).toContain(`${redis} of cache is not locked`);
    await lockAll();
    expect(await arc('images', 'lock', '--check')).toMatchObject({
      exitCode: 0,
      stdout: `images.lock.yaml matches the manifests: ${bases.length} bases. arc contacted no registry.`,
    });
    expect((await arc('validate')).stderr).not.toContain('lock-outdated');

    workspace.edit('services/cache/service.yaml', redis, newer);
    const text = file();
    const asked = proxy.requests.length;
    const check = await arc('images', 'lock', '--check');
    expect(check).toMatchObject({
      exitCode: 3,
      stdout: [
        `images.lock.yaml: ${newer} of cache is not locked; the lock has ${redis}`,
        `images.lock.yaml: ${redis} is locked, but no image is built from it`,
        `Run \`arc images lock\` to bring it up to date; ${bases.length} bases locked so far.`,
      ].join('\n'),
    });
    expect(proxy.requests.length).toBe(asked);
    expect(file()).toBe(text);
    const { exitCode, stderr } = await arc('validate');
    expect(exitCode).toBe(0);
    expect(stderr).toContain('warning[lock-outdated]');
    expect(stderr).toContain('help: arc images lock');
  });

  it('is put right by arc images lock', async () => {
    await lockAll();
    workspace.edit('services/cache/service.yaml', redis, newer);
    await publish(newer, 'one');
    const { stdout } = await arc('images', 'lock');
    expect(stdout).toContain(`+ ${newer}`);
    expect(stdout).toContain(`- ${redis}`);
    expect(locked()).toEqual(expected(newer, ...bases.filter((reference) => reference !== redis)));
    expect(await arc('images', 'lock', '--check')).toMatchObject({ exitCode: 0 });
  });

  it('is not asked for both at once', async () => {
    expect(await arc('images', 'lock', '--check', '--update')).toMatchObject({ exitCode: 2 });
  });
});

describe('what cannot be locked', canServe, () => {
  it('is said of each base, and nothing is written', async () => {
    workspace.edit('services/cache/service.yaml', redis, 'docker.io/library/redis:no-such-version');
    await publish(ingress, 'windows', [['arm', 'v7']]);
    const { exitCode, stderr } = await arc('images', 'lock');
    expect(exitCode).toBe(1);
    expect(stderr).toContain('error[base-not-found]');
    expect(stderr).toContain('The base of cache cannot be locked.');
    expect(stderr).toContain('error[base-without-platform]');
    expect(stderr).toContain('The base of realtime-ingress cannot be locked.');
    expect(existsSync(workspace.path('images.lock.yaml'))).toBe(false);
  });

  it('for want of a login is exit status 4, and the login is not shown', async () => {
    const { exitCode, output } = await runArc(['images', 'lock', 'storage'], {
      cwd: workspace.root,
      environment: { DOCKER_CONFIG: folder },
    });
    expect(exitCode).toBe(4);
    expect(output).toContain('error[registry-unauthorized]');
    const right = await arc('images', 'lock', 'storage', '--json');
    expect(right.exitCode).toBe(0);
    expect(right.output).not.toContain(registryPassword);
  });

  it('as a registry cannot be reached is one error for each base', async () => {
    await lockAll();
    const before = file();
    mirror({ 'docker.io': '127.0.0.1:9', 'quay.io': quay.address });
    const { exitCode, stderr } = await arc('images', 'lock', '--update');
    expect(exitCode).toBe(1);
    expect(stderr.match(/error\[registry-unreachable\]/g)).toHaveLength(onHub.length);
    expect(file()).toBe(before);
  });

  it('at first may be later: what is transient is asked again', async () => {
    proxy.inject(/^GET .*redis\/manifests/, { kind: 'answer', status: 503 });
    const { exitCode } = await arc('images', 'lock', 'cache');
    expect(exitCode).toBe(0);
    expect(locked()).toEqual(expected(redis, exporter));
  });
});

describe('a lock file that cannot be read', canServe, () => {
  it.each(['images lock', 'validate', 'up cache --offline', 'plan'])(
    'is an error of `arc %s`, with its place',
    async (command) => {
      await lockAll();
      workspace.edit('images.lock.yaml', 'registry: docker.io', 'registry: quay.io');
      const { exitCode, stderr } = await arc(...command.split(' '));
      expect(exitCode).toBe(2);
      expect(stderr).toContain('error[bad-value] images.lock.yaml:7:15');
      expect(stderr).toContain('"registry" must be "docker.io"');
    },
  );
});

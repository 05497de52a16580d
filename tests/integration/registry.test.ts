import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ArcError } from '../../src/core/errors.ts';
import { fallbackTag } from '../../src/registry/artifact.ts';
import { digestOf } from '../../src/registry/digest.ts';
import { readImage } from '../../src/registry/image.ts';
import { type Descriptor, mediaTypes, type Repository } from '../../src/registry/model.ts';
import { type FaultProxy, startFaultProxy } from '../support/fault-proxy.ts';
import { needs } from '../support/needs.ts';
import { type RegistryServer, registryPassword, registryUser, startRegistry } from '../support/registry.ts';
import { startReferrersRegistry } from '../support/registry-referrers.ts';
import { startTokenServer, type TokenRules, type TokenServer } from '../support/token-server.ts';
import { pushIndex, pushManifest, type TestClient, testClient } from './registry-kit.ts';

// Real registries on loopback: Debian's docker-registry, which has no referrers API, and olareg, which has.

const folder = mkdtempSync(join(tmpdir(), 'arc-registry-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const opened: TestClient[] = [];
afterEach(async () => {
  for (const { client } of opened.splice(0)) await client.close();
});
function open(logins: Parameters<typeof testClient>[0]['logins'] = {}): TestClient {
  const made = testClient({ folder: mkdtempSync(join(folder, 'docker-')), logins });
  opened.push(made);
  return made;
}

/** A repository that no other test uses. */
let repositories = 0;
function freshRepo(registry: string): Repository {
  repositories += 1;
  return { registry, repository: `arc-test/repo-${repositories}` };
}

const sbom = (subject: Descriptor, text = '{"spdxVersion":"SPDX-2.3"}') => ({
  subject,
  artifactType: 'application/spdx+json',
  layers: [{ mediaType: 'application/spdx+json', bytes: Buffer.from(text), annotations: { b: '2', a: '1' } }],
  annotations: { 'org.opencontainers.image.title': 'sbom' },
});

/** The error that a call ends with. */
async function errorOf(call: Promise<unknown>): Promise<ArcError> {
  const error = await call.then(
    () => undefined,
    (cause: unknown) => cause,
  );
  if (error instanceof ArcError) return error;
  throw new Error('there was no error for people', { cause: error });
}

describe.each([
  {
    name: 'docker-registry',
    start: () => startRegistry({ folder: join(folder, 'open'), auth: false }),
    hasApi: false,
  },
  { name: 'olareg', start: startReferrersRegistry, hasApi: true },
])('with $name', needs('docker-registry', 'go'), ({ start, hasApi }) => {
  let server: RegistryServer;
  let repo: Repository;
  beforeAll(async () => {
    server = await start();
  });
  beforeEach(() => {
    repo = freshRepo(server?.address ?? '');
  });
  afterAll(async () => {
    await server?.close();
  });

  it('a blob comes back as it went up', async () => {
    const { client } = open();
    const bytes = Buffer.alloc(3_000_000, 'arc');
    const kept = await client.putBlob(repo, bytes);
    expect(kept).toEqual({ digest: digestOf(bytes), size: bytes.length });
    expect(await client.putBlob(repo, bytes)).toEqual(kept);
    expect(await client.blob(repo, kept.digest, { limitBytes: bytes.length })).toEqual(bytes);
  });

  it('a blob that is too large, or not there, is an error', async () => {
    const { client } = open();
    const { digest } = await client.putBlob(repo, Buffer.alloc(1000));
    const tooLarge = await errorOf(client.blob(repo, digest, { limitBytes: 999 }));
    expect(tooLarge).toMatchObject({ code: 'registry-failed', status: 1 });
    expect(tooLarge.message).toContain('more than 999 bytes');
    const missing = await errorOf(client.blob(repo, digestOf(Buffer.from('x')), { limitBytes: 10 }));
    expect(missing.message).toContain('404 Not Found');
  });

  it('a tag moves to other bytes, and a digest stays', async () => {
    const { client } = open();
    const manifest = await pushManifest({ client, repo, architecture: 'amd64' });
    const first = await pushIndex({ client, repo, tag: 'v1', manifests: [manifest] });
    const found = await client.manifest(repo, 'v1');
    expect(found).toMatchObject({ digest: first.digest, mediaType: mediaTypes.index });
    // Promotion: the same bytes under another tag.
    if (found) await client.putManifest(repo, { ...found, reference: 'latest' });
    const other = await pushManifest({ client, repo, architecture: 'arm64' });
    const second = await pushIndex({ client, repo, tag: 'v1', manifests: [manifest, other] });
    expect((await client.manifest(repo, 'v1'))?.digest).toBe(second.digest);
    expect((await client.manifest(repo, 'latest'))?.digest).toBe(first.digest);
    expect((await client.manifest(repo, first.digest))?.bytes).toEqual(found?.bytes);
  });

  it('an image is read with the labels of each platform, attestations left out', async () => {
    const { client } = open();
    const labels = { 'org.opencontainers.image.revision': 'abc' };
    const amd64 = await pushManifest({ client, repo, architecture: 'amd64', labels });
    const arm64 = await pushManifest({ client, repo, architecture: 'arm64', variant: 'v8', labels: {} });
    const attestation: Descriptor = {
      ...(await pushManifest({ client, repo, architecture: 'unknown' })),
      platform: { os: 'unknown', architecture: 'unknown' },
      annotations: { 'vnd.docker.reference.type': 'attestation-manifest' },
    };
    const index = await pushIndex({ client, repo, tag: 'v1', manifests: [amd64, arm64, attestation] });
    const created = '2026-11-21T12:00:00Z';
    expect(await readImage({ client, repo, reference: 'v1' })).toEqual({
      ...index,
      platforms: [
        { platform: 'linux/amd64', digest: amd64.digest, labels, created },
        { platform: 'linux/arm64', digest: arm64.digest, labels: {}, created },
      ],
    });
    expect(await readImage({ client, repo, reference: arm64.digest })).toMatchObject({
      digest: arm64.digest,
      size: arm64.size,
      platforms: [{ platform: 'linux/arm64' }],
    });
  });

  it('what is not there is undefined, and no error', async () => {
    const { client } = open();
    expect(await client.manifest(repo, 'v1')).toBeUndefined();
    expect(await readImage({ client, repo, reference: digestOf(Buffer.from('x')) })).toBeUndefined();
    expect(await client.tags(repo)).toEqual([]);
    expect(await client.referrers(repo, digestOf(Buffer.from('x')))).toEqual([]);
  });

  it('all tags are listed', async () => {
    const { client } = open();
    const manifest = await pushManifest({ client, repo, architecture: 'amd64' });
    for (const tag of ['v3', 'v1', 'v2']) await pushIndex({ client, repo, tag, manifests: [manifest] });
    expect((await client.tags(repo)).toSorted()).toEqual(['v1', 'v2', 'v3']);
  });

  it('what is attached to an image is listed by its type', async () => {
    const { client } = open();
    const image = await pushManifest({ client, repo, architecture: 'amd64' });
    const provenance = {
      subject: image,
      artifactType: 'application/vnd.in-toto+json',
      layers: [{ mediaType: 'application/vnd.in-toto+json', bytes: Buffer.from('{}') }],
    };
    const [first, second] = await Promise.all([
      client.attach(repo, sbom(image)),
      client.attach(repo, provenance),
    ]);
    const all = await client.referrers(repo, image.digest);
    expect(all.map(({ digest }) => digest).toSorted()).toEqual([first.digest, second.digest].toSorted());
    const [found, ...others] = await client.referrers(repo, image.digest, {
      artifactType: 'application/spdx+json',
    });
    expect(others).toEqual([]);
    expect(found).toMatchObject({
      digest: first.digest,
      artifactType: 'application/spdx+json',
      annotations: { 'org.opencontainers.image.title': 'sbom' },
    });
    const manifest = await client.manifest(repo, first.digest);
    const { layers, subject } = JSON.parse(String(manifest?.bytes)) as {
      layers: Descriptor[];
      subject: Descriptor;
    };
    expect(subject.digest).toBe(image.digest);
    const text = await client.blob(repo, layers[0]?.digest ?? '', { limitBytes: 1000 });
    expect(text.toString()).toBe('{"spdxVersion":"SPDX-2.3"}');
  });

  it('what is attached again is attached once; other content beside it', async () => {
    const { client } = open();
    const image = await pushManifest({ client, repo, architecture: 'amd64' });
    const first = await client.attach(repo, sbom(image));
    expect(await open().client.attach(repo, sbom(image))).toEqual(first);
    expect(await client.referrers(repo, image.digest)).toHaveLength(1);
    await client.attach(repo, sbom(image, '{}'));
    expect(await client.referrers(repo, image.digest)).toHaveLength(2);
  });

  it(`the list is kept by ${hasApi ? 'the registry' : 'arc, under the fallback tag'}`, async () => {
    const { client } = open();
    const image = await pushManifest({ client, repo, architecture: 'amd64' });
    await client.attach(repo, sbom(image));
    expect((await client.tags(repo)).includes(fallbackTag(image.digest))).toBe(!hasApi);
  });

  it('pushing is tried without leaving anything', async () => {
    const { client } = open();
    await client.checkWrite(repo);
    expect(await client.tags(repo)).toEqual([]);
  });

  it('what a registry refuses is said in its words', async () => {
    const { client } = open();
    const missing = { mediaType: mediaTypes.manifest, digest: digestOf(Buffer.from('x')), size: 1 };
    const error = await errorOf(pushIndex({ client, repo, tag: 'v1', manifests: [missing] }));
    expect(error).toMatchObject({ code: 'registry-failed', status: 1 });
    expect(error.message).toContain(`Could not push ${repo.registry}/${repo.repository}:v1`);
    expect(error.problems[0].detail?.join()).toContain('MANIFEST');
    expect(await client.manifest(repo, 'v1')).toBeUndefined();
  });
});

describe('a registry that wants a name and a password', needs('docker-registry'), () => {
  let server: RegistryServer;
  beforeAll(async () => {
    server = await startRegistry({ folder: join(folder, 'basic'), auth: true });
  });
  afterAll(async () => await server?.close());

  it('takes the ones in Docker’s configuration', async () => {
    const repo = freshRepo(server.address);
    const { client } = open({ [server.address]: `${registryUser}:${registryPassword}` });
    await client.checkWrite(repo);
    const image = await pushManifest({ client, repo, architecture: 'amd64' });
    expect((await client.manifest(repo, image.digest))?.digest).toBe(image.digest);
  });

  it.each([
    ['without any', {}, 'does not let anybody without a login push to', 'missing: push'],
    ['with wrong ones', 'arc-test:not-the-password', 'refuses the login of "arc-test":', 'to push to: '],
  ])('refuses to be pushed to %s, which is said and not shown', async (_case, login, said, fact) => {
    const repo = freshRepo(server.address);
    const { client } = open(typeof login === 'string' ? { [server.address]: login } : {});
    const error = await errorOf(client.checkWrite(repo));
    expect(error).toMatchObject({ code: 'registry-unauthorized', status: 4 });
    expect(error.message).toContain(`${server.address} ${said}`);
    expect(JSON.stringify(error.problems)).toContain(`${server.address}/${repo.repository}`);
    expect(error.problems[0].detail?.[0]).toContain(fact);
    expect(error.problems[0].suggestion).toContain(`docker login ${server.address}`);
    const shown = JSON.stringify(error.problems) + String(error.stack);
    expect(shown).not.toContain('not-the-password');
    expect(shown).not.toContain(Buffer.from('arc-test:not-the-password').toString('base64'));
  });
});

describe('a registry that wants tokens', needs('docker-registry'), () => {
  let tokens: TokenServer;
  let server: RegistryServer;
  const rules: TokenRules = {
    users: {
      '': { password: '', actions: [] },
      writer: { password: 'writer-password', actions: ['pull', 'push'] },
      reader: { password: 'reader-password', actions: ['pull'] },
    },
    identityTokens: { 'identity-token': { actions: ['pull', 'push'] } },
  };
  beforeAll(async () => {
    tokens = await startTokenServer({ folder: join(folder, 'token'), rules });
    server = await startRegistry({ folder: join(folder, 'tokens'), auth: tokens });
  });
  beforeEach(() => {
    tokens.asked.length = 0;
  });
  afterAll(async () => {
    await server?.close();
    await tokens?.close();
  });

  it('is shown one for each kind of access, which is used until it ends', async () => {
    const repo = freshRepo(server.address);
    const { client } = open({ [server.address]: 'writer:writer-password' });
    const image = await pushManifest({ client, repo, architecture: 'amd64' });
    await client.attach(repo, sbom(image));
    await Promise.all([readImage({ client, repo, reference: image.digest }), client.tags(repo)]);
    await client.referrers(repo, image.digest);
    const scope = `repository:${repo.repository}`;
    expect(tokens.asked).toEqual([`GET writer ${scope}:pull,push`, `GET writer ${scope}:pull`]);
  });

  it('takes an identity token, exchanged for one', async () => {
    const repo = freshRepo(server.address);
    const { client } = open({ [server.address]: { identityToken: 'identity-token' } });
    await pushManifest({ client, repo, architecture: 'amd64' });
    expect(tokens.asked).toEqual([`POST refresh_token repository:${repo.repository}:pull,push`]);
  });

  it('does not let somebody push who may only pull', async () => {
    const repo = freshRepo(server.address);
    const { client } = open({ [server.address]: 'writer:writer-password' });
    const image = await pushManifest({ client, repo, architecture: 'amd64' });
    const { client: reader } = open({ [server.address]: 'reader:reader-password' });
    expect((await reader.manifest(repo, image.digest))?.digest).toBe(image.digest);
    const error = await errorOf(reader.checkWrite(repo));
    expect(error.message).toContain('does not let the login of "reader" push to');
    expect(JSON.stringify(error.problems)).not.toMatch(/reader-password|eyJ/);
  });

  it.each([
    ['nobody', {}, 'does not let anybody without a login pull from'],
    ['a wrong password', 'writer:wrong-password', 'refuses the login of "writer"'],
    ['a revoked token', { identityToken: 'revoked-token' }, "refuses the login in Docker's configuration"],
  ])('does not let %s in', async (_case, login, said) => {
    const repo = freshRepo(server.address);
    const logins = Object.keys(login).length > 0 ? { [server.address]: login as string } : {};
    const error = await errorOf(open(logins).client.manifest(repo, 'v1'));
    expect(error).toMatchObject({ code: 'registry-unauthorized', status: 4 });
    expect(error.message).toContain(said);
    expect(JSON.stringify(error.problems) + error.stack).not.toMatch(/wrong-password|revoked-token/);
  });
});

describe('a registry behind a bad line', needs('docker-registry'), () => {
  let server: RegistryServer;
  let proxy: FaultProxy;
  let repo: Repository;
  beforeAll(async () => {
    server = await startRegistry({ folder: join(folder, 'faults'), auth: false });
    proxy = await startFaultProxy({ upstream: server.address });
  });
  beforeEach(() => {
    proxy.heal();
    repo = freshRepo(proxy.address);
  });
  afterAll(async () => {
    await proxy?.close();
    await server?.close();
  });

  const bytes = Buffer.alloc(300_000, 'arc');

  it.each([
    ['half of it is up', { kind: 'cut', body: 'request' }],
    ['it is all up, before the registry says so', { kind: 'lose-answer' }],
  ] as const)('an upload that is cut when %s begins anew and ends right', async (_case, fault) => {
    const { client, retries } = open();
    proxy.inject(/^PUT .*\/blobs\/uploads\//, fault);
    const { digest } = await client.putBlob(repo, bytes);
    expect(retries).toMatchObject([{ reason: 'the connection was cut', attempt: 1 }]);
    const direct = { ...repo, registry: server.address };
    expect(await open().client.blob(direct, digest, { limitBytes: bytes.length })).toEqual(bytes);
  });

  it.each(['blobs', 'manifests'])('%s that are cut on their way down are read anew', async (kind) => {
    const { client, retries } = open();
    const image = await pushManifest({ client, repo, architecture: 'amd64' });
    proxy.inject(new RegExp(`^GET .*/${kind}/`), { kind: 'cut', body: 'answer' }, { times: 2 });
    const read = await readImage({ client, repo, reference: image.digest });
    expect(read?.platforms).toHaveLength(1);
    expect(retries.map(({ attempt }) => attempt)).toEqual([1, 2]);
  });

  it('that is overloaded is asked again when it wants to be', async () => {
    const { client, retries } = open();
    proxy.inject(/^GET .*\/tags\//, { kind: 'answer', status: 429, headers: { 'retry-after': '1' } });
    expect(await client.tags(repo)).toEqual([]);
    expect(retries).toEqual([
      {
        registry: proxy.address,
        what: `list the tags of ${proxy.address}/${repo.repository}`,
        reason: 'the registry answered 429 Too Many Requests',
        attempt: 1,
        delayMilliseconds: 1000,
      },
    ]);
  });

  it('that wants to be left alone for an hour is, at once', async () => {
    const { client, retries } = open();
    proxy.inject(/^GET/, { kind: 'answer', status: 429, headers: { 'retry-after': '3600' } });
    const error = await errorOf(client.tags(repo));
    expect(error.problems[0].detail).toContain('asks to wait 3600 s');
    expect(retries).toEqual([]);
  });

  it('that stumbles gets a manifest in the end, and has no tag before', async () => {
    const { client, retries } = open();
    const manifest = await pushManifest({ client, repo, architecture: 'amd64' });
    proxy.inject(/^PUT .*\/manifests\/v1$/, { kind: 'answer', status: 500 }, { times: 2 });
    await pushIndex({ client, repo, tag: 'v1', manifests: [manifest] });
    expect(retries).toHaveLength(2);
    expect(await client.tags(repo)).toEqual(['v1']);
  });

  it('that goes on stumbling is given up, with its words', async () => {
    const { client, retries } = open();
    const text = JSON.stringify({ errors: [{ code: 'UNKNOWN', message: 'no disk' }] });
    proxy.inject(/^GET/, { kind: 'answer', status: 503, text }, { times: 99 });
    const error = await errorOf(client.tags(repo));
    expect(error.message).toContain('the registry answered 503 Service Unavailable');
    expect(error.problems[0].detail).toEqual(['UNKNOWN: no disk', '6 attempts']);
    expect(retries).toHaveLength(5);
  });

  it('that refuses is not asked again', async () => {
    const { client } = open();
    const before = proxy.requests.length;
    proxy.inject(/^POST/, { kind: 'answer', status: 403 });
    expect((await errorOf(client.putBlob(repo, bytes))).code).toBe('registry-unauthorized');
    expect(proxy.requests.slice(before).map(({ method }) => method)).toEqual(['HEAD', 'POST']);
  });

  it.each([
    ['the manifest is up', /^PUT .*\/manifests\/sha256:/],
    ['the list is up', /^PUT .*\/manifests\/sha256-/],
  ])('an artifact whose answer is lost when %s is attached once', async (_case, match) => {
    const { client, retries } = open();
    const image = await pushManifest({ client, repo, architecture: 'amd64' });
    proxy.inject(match, { kind: 'lose-answer' });
    const { digest } = await client.attach(repo, sbom(image));
    expect(retries).toHaveLength(1);
    expect((await client.referrers(repo, image.digest)).map((found) => found.digest)).toEqual([digest]);
  });

  it('that keeps silent is left as soon as somebody interrupts', async () => {
    const { client, interrupt } = open();
    const arrived = Promise.withResolvers<void>();
    const never = new Promise<void>(() => {});
    proxy.inject(/^GET/, { kind: 'hold', until: never, arrived: arrived.resolve });
    const asking = client.tags(repo);
    await arrived.promise;
    interrupt();
    await expect(asking).rejects.toThrow('interrupted');
  });

  it('that gives other bytes than those of the digest is not believed', async () => {
    const { client } = open();
    const image = await pushManifest({ client, repo, architecture: 'amd64' });
    const headers = { 'content-type': mediaTypes.manifest };
    proxy.inject(/^GET/, { kind: 'answer', status: 200, headers, text: '{}' });
    const error = await errorOf(client.manifest(repo, image.digest));
    expect(error.message).toContain('the registry gave other bytes');
    const lying = { ...headers, 'docker-content-digest': image.digest };
    proxy.inject(/^GET/, { kind: 'answer', status: 200, headers: lying, text: '{}' });
    expect((await errorOf(client.manifest(repo, 'v1'))).message).toContain('gave other bytes');
  });

  it('whose address nobody listens on is said to be unreachable, at once', async () => {
    const { client, retries } = open();
    const nobody = { registry: '127.0.0.1:9', repository: 'a/b' };
    const error = await errorOf(client.tags(nobody));
    expect(error).toMatchObject({ code: 'registry-unreachable', status: 1 });
    expect(error.message).toBe(
      'Could not list the tags of 127.0.0.1:9/a/b: 127.0.0.1:9 cannot be reached, nothing listens there.',
    );
    expect(retries).toEqual([]);
  });
});

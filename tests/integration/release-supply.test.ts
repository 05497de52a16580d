import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ArcError } from '../../src/core/errors.ts';
import { openRegistryClient, type RegistryClient } from '../../src/registry/client.ts';
import type { RegistryImage } from '../../src/registry/image.ts';
import type { Repository } from '../../src/registry/model.ts';
import { attachedDocuments, documentTypes } from '../../src/release/supply/attached.ts';
import { checkSignature } from '../../src/release/supply/cosign.ts';
import { digestsToSign } from '../../src/release/supply/digests-to-sign.ts';
import { ensureProvenance } from '../../src/release/supply/provenance.ts';
import { ensureSbom } from '../../src/release/supply/sbom.ts';
import { ensureSignatures } from '../../src/release/supply/sign.ts';
import { chooseSigner, chooseVerifier, releaseIdentity } from '../../src/release/supply/signer.ts';
import { readSbom } from '../../src/release/supply/spdx.ts';
import type { ProvenanceFacts } from '../../src/release/supply/statement.ts';
import { findTool, runTool, toolFailed } from '../../src/release/supply/tool.ts';
import type { Environment } from '../../src/release/supply/tool-environment.ts';
import type { ExpectedImage } from '../../src/release/supply/verdict.ts';
import { verifyImage } from '../../src/release/supply/verify-image.ts';
import { needs } from '../support/needs.ts';
import { type RegistryServer, registryPassword, registryUser, startRegistry } from '../support/registry.ts';
import { startReferrersRegistry } from '../support/registry-referrers.ts';
import { dockerConfig, getSuppliers, makeKey, pushTinyImage, tinyLabels } from './supply-kit.ts';

// Real registries on loopback, real syft, real cosign. Signatures are by a key, which needs nothing of the network.
const password = 'password-of-the-test-key';
const signal = new AbortController().signal;
const commit = tinyLabels['org.opencontainers.image.revision'];
const claims = { version: 'v0.1.0', commit, baseDigest: `sha256:${'d'.repeat(64)}` };

const folder = mkdtempSync(join(tmpdir(), 'arc-supply-'));
let tools: { syft: string; cosign: string };
let keys: { own: { key: string; publicKey: string }; other: { key: string; publicKey: string } };
const servers: RegistryServer[] = [];
beforeAll(async () => {
  tools = await getSuppliers(folder);
  const { cosign } = tools;
  keys = {
    own: await makeKey({ folder, name: 'own', password, cosign }),
    other: await makeKey({ folder, name: 'other', password, cosign }),
  };
});
afterAll(async () => {
  for (const server of servers) await server.close();
  rmSync(folder, { recursive: true, force: true });
});

const kinds = [
  { name: 'with the referrers API', start: () => startReferrersRegistry() },
  {
    name: 'without the referrers API, and with a login',
    start: () => startRegistry({ folder: join(folder, 'registry'), auth: true }),
  },
];

describe.each(kinds)(
  'what is attached to an image, in a registry $name',
  needs('docker-registry'),
  ({ start }) => {
    let environment: Environment;
    let client: RegistryClient;
    let repo: Repository;
    let image: RegistryImage;

    beforeAll(async () => {
      const server = await start();
      servers.push(server);
      environment = {
        HOME: folder,
        PATH: [tools.syft, tools.cosign].join(':'),
        DOCKER_CONFIG: dockerConfig({
          folder: join(folder, server.address),
          registries: [server.address],
          login: `${registryUser}:${registryPassword}`,
        }),
        ARC_COSIGN_KEY: keys.own.key,
        ARC_COSIGN_PUBLIC_KEY: keys.own.publicKey,
        COSIGN_PASSWORD: password,
      };
      client = openRegistryClient({ environment, signal });
      repo = { registry: server.address, repository: 'arc-test/tiny' };
      image = await pushTinyImage({ client, repo });
    });
    afterAll(() => client?.close());

    const platform = (name: string) => {
      const found = image.platforms.find((each) => each.platform === name);
      if (found === undefined) throw new Error(`the image is not for ${name}`);
      return found;
    };
    const sbom = (name: string, change: Environment = {}) =>
      ensureSbom({
        client,
        repo,
        image: platform(name),
        epochSeconds: 1_767_323_045,
        environment: { ...environment, ...change },
        signal,
      });
    const facts = (): Omit<ProvenanceFacts, 'name'> => ({
      digest: image.digest,
      platforms: image.platforms,
      service: 'tiny',
      container: 'arc-tiny',
      version: 'v0.1.0',
      dockerfile: 'services/tiny/Dockerfile',
      source: { repository: 'https://github.com/arc-framework/arc', commit, epochSeconds: 1_767_323_045 },
      base: { reference: 'docker.io/library/alpine:3.20', digest: `sha256:${'d'.repeat(64)}` },
    });
    const provenance = () => ensureProvenance({ client, repo, facts: facts(), environment });
    const identity = releaseIdentity({
      repository: 'https://github.com/arc-framework/arc',
      service: 'tiny',
      version: 'v0.1.0',
    });
    const sign = (digests: readonly string[], change: Environment = {}) => {
      const own = { ...environment, ...change };
      const signer = chooseSigner({ sign: 'key', identity, environment: own });
      return ensureSignatures({ repo, digests, signer, environment: own, signal });
    };
    const verify = async (change: { environment?: Environment; expected?: Partial<ExpectedImage> } = {}) => {
      const own = { ...environment, ...change.environment };
      const findings = await verifyImage({
        client,
        repo,
        reference: image.digest,
        expected: {
          digest: image.digest,
          platforms: ['linux/amd64', 'linux/arm64'],
          labels: tinyLabels,
          ...claims,
          ...change.expected,
        },
        verifier: chooseVerifier({ sign: 'key', identity, environment: own }),
        environment: own,
        signal,
      });
      return findings.map((finding) => `${finding.kind}: ${finding.message}`);
    };
    const signaturesOn = (digest: string) =>
      client.referrers(repo, digest, { artifactType: 'application/vnd.dev.sigstore.bundle.v0.3+json' });

    it('is nothing at first, which is told apart from what is wrong', async () => {
      expect(await verify()).toEqual([
        `ok: The registry has it: ${image.digest}.`,
        'ok: It is for linux/amd64, linux/arm64.',
        'ok: The 2 labels of linux/amd64 are correct.',
        'ok: The 2 labels of linux/arm64 are correct.',
        'not-run: linux/amd64 has no SBOM, so there is none to check.',
        'not-run: linux/arm64 has no SBOM, so there is none to check.',
        'not-run: The image has no provenance, so there is none to check.',
        'wrong: The image is not signed.',
      ]);
    });

    it('is no SBOM where there is no syft, and the step says so', async () => {
      expect(await sbom('linux/amd64', { PATH: tools.cosign })).toMatchObject({
        kind: 'not-run',
        reason: 'syft is not installed',
      });
      expect(await client.referrers(repo, platform('linux/amd64').digest)).toEqual([]);
    });

    it('is an SBOM for each platform, which is kept from then on', async () => {
      const made = await sbom('linux/amd64');
      if (made.kind === 'not-run') throw new Error(made.reason);
      expect(made.kind).toBe('made');
      expect(readSbom(made.bytes)).toEqual({
        subjects: expect.arrayContaining([platform('linux/amd64').digest]),
        packages: 1,
      });
      expect(await sbom('linux/amd64')).toEqual({ ...made, kind: 'kept' });
      // Kept without syft as well.
      expect(await sbom('linux/amd64', { PATH: '/nowhere' })).toEqual({ ...made, kind: 'kept' });
    });

    it('is one SBOM where two releases make it at the same time: its text is the same', async () => {
      const [one, two] = await Promise.all([sbom('linux/arm64'), sbom('linux/arm64')]);
      expect(one).toEqual(two);
      const subject = platform('linux/arm64').digest;
      expect(await attachedDocuments({ client, repo, subject, type: documentTypes.sbom })).toHaveLength(1);
    });

    it('is provenance, which is kept as long as it is right', async () => {
      const made = await provenance();
      expect(made.kind).toBe('made');
      expect(await provenance()).toEqual({ ...made, kind: 'kept' });
      const other = { ...facts(), version: 'v0.2.0' };
      const beside = await ensureProvenance({ client, repo, facts: other, environment });
      expect(beside.kind).toBe('made');
      expect((await provenance()).digest).toBe(made.digest);
    });

    it('is not signed with a wrong password, and nobody is asked for another', async () => {
      const wrong = 'not-the-password';
      const error = await sign([image.digest], { COSIGN_PASSWORD: wrong }).catch((reason: unknown) => reason);
      if (!(error instanceof ArcError)) throw new Error(`it was signed, or failed otherwise: ${error}`);
      expect(error.code).toBe('signing-failed');
      expect(JSON.stringify(error.problems)).toContain('decryption failed');
      expect(JSON.stringify(error.problems)).not.toContain(wrong);
      expect(await signaturesOn(image.digest)).toEqual([]);
    });

    it('is signed once, the image and each document by its digest', async () => {
      // There is provenance of another version too, which nobody vouches for.
      const digests = await digestsToSign({ client, repo, image, expected: claims });
      const sboms = [await sbom('linux/amd64'), await sbom('linux/arm64')];
      expect([...sboms, await provenance(), image]).toMatchObject(digests.map((digest) => ({ digest })));
      expect(await sign(digests)).toEqual({
        kind: 'signed',
        signatures: digests.map((digest) => ({ digest, kind: 'made' })),
      });
      expect(await sign(digests)).toEqual({
        kind: 'signed',
        signatures: digests.map((digest) => ({ digest, kind: 'kept' })),
      });
      for (const digest of digests) expect(await signaturesOn(digest), digest).toHaveLength(1);
    });

    it('is found to be all right then', async () => {
      expect(await verify()).toEqual([
        `ok: The registry has it: ${image.digest}.`,
        'ok: It is for linux/amd64, linux/arm64.',
        'ok: The 2 labels of linux/amd64 are correct.',
        'ok: The 2 labels of linux/arm64 are correct.',
        'ok: The SBOM of linux/amd64 is about this image, with 1 package.',
        'ok: The SBOM of linux/arm64 is about this image, with 1 package.',
        `ok: The provenance is about this image, commit ${commit} and version v0.1.0.`,
        'ok: The image is signed.',
        'ok: The SBOM of linux/amd64 is signed.',
        'ok: The SBOM of linux/arm64 is signed.',
        'ok: The provenance is signed.',
      ]);
    });

    it('can be checked without arc, with the commands of docs/verifying.md', async () => {
      const reference = `${repo.registry}/${repo.repository}@${image.digest}`;
      const options = ['--key', keys.own.publicKey, '--insecure-ignore-tlog=true'];
      const { stdout } = await execa(join(tools.cosign, 'cosign'), ['verify', ...options, reference], {
        env: environment,
        extendEnv: false,
      });
      expect(JSON.parse(stdout)).toMatchObject([
        { critical: { image: { 'docker-manifest-digest': image.digest } } },
      ]);
      const tree = await execa(join(tools.cosign, 'cosign'), ['tree', reference], {
        env: environment,
        extendEnv: false,
      });
      expect(tree.stdout).toContain('https://sigstore.dev/cosign/sign/v1');
    });

    it('has names for the files, under which oras saves them', async () => {
      const made = [await sbom('linux/arm64'), await provenance()];
      const names = made.map(async (each) => {
        const stored = await client.manifest(repo, each.kind === 'not-run' ? '' : each.digest);
        return JSON.parse(String(stored?.bytes)).layers[0].annotations['org.opencontainers.image.title'];
      });
      expect(await Promise.all(names)).toEqual(['tiny.linux-arm64.spdx.json', 'arc-tiny.intoto.json']);
    });

    it('counts for nothing where somebody else signed, until the own key has too', async () => {
      const own = { ARC_COSIGN_PUBLIC_KEY: keys.other.publicKey };
      expect(await verify({ environment: own })).toContain('wrong: The image is signed by somebody else.');
      await sign([image.digest], { ARC_COSIGN_KEY: keys.other.key });
      expect(await verify({ environment: own })).toContain('ok: The image is signed.');
      // The first signature still holds.
      expect(await verify()).toContain('ok: The image is signed.');
      expect(await signaturesOn(image.digest)).toHaveLength(2);
    });

    it('is not called wrong where it cannot be checked', async () => {
      expect(await verify({ environment: { PATH: '/nowhere' } })).toContain(
        'not-run: Signatures were not checked: cosign is not installed.',
      );
      const missing = { ARC_COSIGN_PUBLIC_KEY: join(folder, 'nowhere.pub') };
      const [open] = (await verify({ environment: missing })).filter((line) => line.startsWith('not-run'));
      expect(open).toMatch(/^not-run: The image: its signature was not checked: .*nowhere\.pub/);
    });

    it('is checked with a public key from a variable too', async () => {
      const cosign = findTool('cosign', environment);
      if (cosign.kind === 'not-run') throw new Error(cosign.reason);
      const key = readFileSync(keys.own.publicKey, 'utf8');
      const context = { cosign, repo, environment, signal, digest: image.digest };
      expect(await checkSignature({ ...context, verifier: { kind: 'key', key } })).toEqual({ kind: 'valid' });
    });

    it('is not made for an image that is not there', async () => {
      const absent = { platform: 'linux/amd64', digest: `sha256:${'0'.repeat(64)}` };
      const work = ensureSbom({ client, repo, image: absent, epochSeconds: 0, environment, signal });
      await expect(work).rejects.toMatchObject({ code: 'sbom-failed' });
    });
  },
);

it('a registry that wants a login is not read without one', needs('docker-registry'), async () => {
  const server = await startRegistry({ folder: join(folder, 'closed'), auth: true });
  servers.push(server);
  const repo = { registry: server.address, repository: 'arc-test/tiny' };
  const login = dockerConfig({
    folder: join(folder, 'login'),
    registries: [server.address],
    login: `${registryUser}:${registryPassword}`,
  });
  const client = openRegistryClient({ environment: { DOCKER_CONFIG: login }, signal });
  const image = await pushTinyImage({ client, repo });
  const [first] = image.platforms;
  if (first === undefined) throw new Error('the image has no platform');
  const work = ensureSbom({
    client,
    repo,
    image: first,
    epochSeconds: 0,
    // The client is logged in, syft is not.
    environment: { PATH: tools.syft, HOME: folder },
    signal,
  });
  const error = await work.catch((reason: unknown) => reason);
  await client.close();
  if (!(error instanceof ArcError)) throw new Error(`it was read, or failed otherwise: ${error}`);
  expect(error.code).toBe('sbom-failed');
  expect(JSON.stringify(error.problems)).toMatch(/UNAUTHORIZED/i);
});

describe('a program that a step runs', () => {
  /** Takes every connection and never answers; tells of the first one, and of its end. */
  async function silentRegistry() {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    // Read, or its end would not be seen.
    const asked = once(server, 'connection').then(([socket]: Socket[]) => socket?.resume());
    const found = findTool('syft', { PATH: tools.syft });
    if (found.kind === 'not-run') throw new Error(found.reason);
    const { port } = server.address() as AddressInfo;
    return {
      asked,
      run: (options: { limitMilliseconds: number; signal: AbortSignal }) =>
        runTool({
          found,
          args: ['scan', `registry:127.0.0.1:${port}/arc-test/tiny`],
          environment: { HOME: folder, SYFT_CHECK_FOR_APP_UPDATE: 'false' },
          ...options,
        }),
      close: () => server.close(),
    };
  }

  it('is ended when the work is interrupted', async () => {
    const registry = await silentRegistry();
    const controller = new AbortController();
    const reason = new Error('interrupted');
    const work = registry.run({ limitMilliseconds: 600_000, signal: controller.signal });
    const socket = await registry.asked;
    const gone = once(socket ?? process, 'close');
    controller.abort(reason);
    await expect(work).rejects.toBe(reason);
    await gone;
    registry.close();
  });

  it('is ended when its time is up, which the error says', async () => {
    const registry = await silentRegistry();
    const run = await registry.run({ limitMilliseconds: 2_000, signal });
    expect(run).toMatchObject({ kind: 'timed-out', milliseconds: 2_000 });
    expect(toolFailed({ code: 'sbom-failed', run, task: 'list what is in an image' }).message).toBe(
      'syft could not list what is in an image: it did not end within 2 s, so arc ended it.',
    );
    registry.close();
  });
});

import { once } from 'node:events';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import type { AddressInfo, Socket } from 'node:net';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ImagesContext } from '../../src/images/context.ts';
import { ensureImages } from '../../src/images/ensure.ts';
import { listImages } from '../../src/images/list.ts';
import { localBaseReference } from '../../src/images/load-base.ts';
import { imageLabels } from '../../src/images/model.ts';
import { pullImages } from '../../src/images/provide.ts';
import { recipeHash } from '../../src/images/recipe-hash.ts';
import { openRegistryClient } from '../../src/registry/client.ts';
import { readImage } from '../../src/registry/image.ts';
import { needs } from '../support/needs.ts';
import { type RegistryServer, registryPassword, registryUser, startRegistry } from '../support/registry.ts';
import { tinyRecipe } from '../support/tiny-bases.ts';
import { openBench, runIn, stepLines, type TestBench, tinyRequest } from './images-engine.ts';

// A real registry on loopback that stands in for Docker Hub, as a mirror.
const canServe = needs('docker-registry');

let bench: TestBench;
let open: RegistryServer;
let closed: RegistryServer;
const request = tinyRequest({ policy: 'registry', recipe: [] });
const { reference } = request.image;

beforeAll(async () => {
  bench = await openBench();
  open = await startRegistry({ folder: join(bench.folder, 'open'), auth: false });
  closed = await startRegistry({ folder: join(bench.folder, 'closed'), auth: true });
  await ensureImages({ ...bench.context, requests: [tinyRequest({ policy: 'local' })] });
  await push(open, 'hub/arc-test/tiny');
  await push(closed, 'arc-test/tiny');
});
beforeEach(async () => {
  bench.events.length = 0;
  await forget();
});
afterAll(async () => {
  await open?.close();
  await closed?.close();
  await bench?.close();
});

/** Puts the tiny wrapper into a registry, where it serves as an upstream image. */
async function push(server: RegistryServer, repository: string): Promise<void> {
  const repo = `${server.address}/${repository}`;
  await bench.docker.getImage(reference).tag({ repo, tag: '1.0' });
  const authconfig = { username: registryUser, password: registryPassword, serveraddress: server.address };
  const answer = await bench.docker.getImage(`${repo}:1.0`).push({ authconfig });
  const errors: string[] = [];
  await new Promise<void>((resolve) => {
    bench.docker.modem.followProgress(
      answer,
      () => resolve(),
      (message: { error?: string }) => message.error && errors.push(message.error),
    );
  });
  expect(errors).toEqual([]);
}

/** Removes everything that a pull would bring. */
async function forget(): Promise<void> {
  const names = [
    reference,
    localBaseReference(request.image.upstream, recipeHash(tinyRecipe)),
    ...[open, closed].flatMap((server) =>
      ['hub/arc-test/tiny:1.0', 'arc-test/tiny:1.0'].map((name) => `${server?.address}/${name}`),
    ),
  ];
  for (const name of names) {
    await bench.docker
      .getImage(name)
      .remove({ force: true })
      .catch(() => {});
  }
}

const through = (address: string): Partial<ImagesContext> => ({ mirrors: { 'docker.io': address } });

/** A folder with Docker's configuration. */
function configured(name: string, config: object): Record<string, string | undefined> {
  const folder = join(bench.folder, name);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'config.json'), JSON.stringify(config));
  return { ...process.env, DOCKER_CONFIG: folder };
}

describe('a base from a registry', canServe, () => {
  it('is pulled through the mirror, with its digest on the wrapper', async () => {
    const { ready, missing } = await ensureImages({
      ...bench.context,
      ...through(`${open.address}/hub`),
      requests: [request],
    });
    expect(missing).toEqual([]);
    const digest = ready[0]?.base.digest;
    expect(ready[0]).toMatchObject({
      built: true,
      base: {
        reference: 'docker.io/arc-test/tiny:1.0',
        source: 'registry',
        digest: expect.stringMatching(/^sha256:/),
      },
    });
    const { Config } = await bench.docker.getImage(reference).inspect();
    expect(Config.Labels[imageLabels.baseDigest]).toBe(digest);
    expect(stepLines(bench.events)).toContain(
      `done tiny pulled ${open.address}/hub/arc-test/tiny:1.0: ${digest}`,
    );
    expect(await runIn(bench.docker, reference, ['sh', '-c', 'echo it runs'])).toContain('it runs');
    const [listed] = await listImages({ ...bench.context, images: [{ role: 'tiny', reference }] });
    expect(listed?.image?.base).toMatchObject({ source: 'registry', digest });
  });

  it('that the Engine has pushed is read by the client of registries', async () => {
    const client = openRegistryClient({ environment: process.env, signal: new AbortController().signal });
    const repo = { registry: open.address, repository: 'hub/arc-test/tiny' };
    const image = await readImage({ client, repo, reference: '1.0' }).finally(client.close);
    const mirror = through(`${open.address}/hub`);
    const { ready } = await ensureImages({ ...bench.context, ...mirror, requests: [request] });
    expect(ready[0]?.base.digest).toBe(image?.digest);
    const { Config, Architecture } = await bench.docker
      .getImage(`${open.address}/hub/arc-test/tiny:1.0`)
      .inspect();
    expect(image?.platforms).toMatchObject([
      { platform: `linux/${Architecture}`, digest: image?.digest, labels: Config.Labels },
    ]);
  });

  it('is not pulled again, and needs no network then', async () => {
    const options = { ...bench.context, ...through(`${open.address}/hub`), requests: [request] };
    await ensureImages(options);
    bench.events.length = 0;
    bench.countCalls();
    const { ready } = await ensureImages({ ...options, offline: true });
    expect(ready[0]?.built).toBe(false);
    expect(bench.countCalls()).toBe(1);
    expect(bench.events).toEqual([]);
    // Without its wrapper, too.
    await bench.docker.getImage(reference).remove({ force: true });
    const rebuilt = await ensureImages({ ...options, offline: true });
    expect(rebuilt.ready[0]).toMatchObject({ built: true, base: { source: 'registry' } });
  });

  it('is pulled anew when that is asked for', async () => {
    const options = { ...bench.context, ...through(`${open.address}/hub`), requests: [request] };
    await ensureImages(options);
    bench.events.length = 0;
    await pullImages(options);
    expect(stepLines(bench.events)[0]).toContain('running tiny pulling');
  });

  it('that it does not have is missing, in the words of the registry', async () => {
    const { missing } = await ensureImages({
      ...bench.context,
      ...through(open.address),
      requests: [request],
    });
    expect(missing[0]?.problem.detail?.[0]).toMatch(
      // Engines before 29: "manifest for … not found"; 29: "failed to resolve reference …: not found".
      new RegExp(
        `^registry ${open.address}: (manifest for|failed to resolve) .* not found.*\\(without a login\\)$`,
      ),
    );
  });
});

describe('a registry that wants a login', canServe, () => {
  const auth = Buffer.from(`${registryUser}:${registryPassword}`).toString('base64');

  it('gives nothing without one', async () => {
    const environment = configured('without', {});
    const { missing } = await ensureImages({
      ...bench.context,
      ...through(closed.address),
      environment,
      requests: [request],
    });
    expect(missing[0]?.problem.detail?.[0]).toMatch(/no basic auth credentials.*\(without a login\)$/);
  });

  it("takes the login in Docker's configuration", async () => {
    const environment = configured('file', { auths: { [closed.address]: { auth } } });
    const { ready } = await ensureImages({
      ...bench.context,
      ...through(closed.address),
      environment,
      requests: [request],
    });
    expect(ready[0]?.base.source).toBe('registry');
  });

  it('takes the login of a credential helper', async () => {
    const environment = configured('helper', { credHelpers: { [closed.address]: 'arc-test' } });
    const helper = join(bench.folder, 'bin', 'docker-credential-arc-test');
    mkdirSync(join(bench.folder, 'bin'), { recursive: true });
    const answer = JSON.stringify({
      ServerURL: closed.address,
      Username: registryUser,
      Secret: registryPassword,
    });
    writeFileSync(
      helper,
      `#!/bin/sh\nread server\n[ "$1 $server" = "get ${closed.address}" ] && echo '${answer}'\n`,
    );
    chmodSync(helper, 0o755);
    const { ready } = await ensureImages({
      ...bench.context,
      ...through(closed.address),
      environment: { ...environment, PATH: `${join(bench.folder, 'bin')}:${process.env.PATH}` },
      requests: [request],
    });
    expect(ready[0]?.base.source).toBe('registry');
  });

  it('refuses a wrong login, which is said and not shown', async () => {
    const wrong = Buffer.from(`${registryUser}:not-the-password`).toString('base64');
    const environment = configured('wrong', { auths: { [closed.address]: { auth: wrong } } });
    const { missing } = await ensureImages({
      ...bench.context,
      ...through(closed.address),
      environment,
      requests: [request],
    });
    expect(missing[0]?.problem.detail?.[0]).toContain("(with the login from Docker's configuration)");
    const said = JSON.stringify([missing, bench.events]);
    expect(said).not.toContain('not-the-password');
    expect(said).not.toContain(wrong);
  });
});

describe('a registry that cannot be reached', () => {
  const auto = tinyRequest({ policy: 'auto' });

  it('gives way to the local recipe, which is said', async () => {
    const { ready } = await ensureImages({ ...bench.context, ...through('127.0.0.1:9'), requests: [auto] });
    expect(ready[0]?.base.source).toBe('local');
    const reason = 'registry 127.0.0.1:9: cannot be reached (connect ECONNREFUSED 127.0.0.1:9)';
    expect(stepLines(bench.events).join('\n')).toContain(`from its recipe on this machine; ${reason}`);
  });

  it('that accepts and says nothing is given up after seconds', async () => {
    const sockets: Socket[] = [];
    const server = createServer((socket) => void sockets.push(socket)).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = `127.0.0.1:${(server.address() as AddressInfo).port}`;
    const { missing } = await ensureImages({ ...bench.context, ...through(address), requests: [request] });
    // Once, and no longer than that: whoever was asked again would wait again.
    expect(sockets).toHaveLength(1);
    expect(missing[0]?.problem.detail).toEqual([
      `registry ${address}: cannot be reached (no answer within 3 s)`,
      'local recipe: not used, the policy is "registry"',
    ]);
    for (const socket of sockets) socket.destroy();
    server.close();
  });
});

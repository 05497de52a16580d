import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ImagesContext } from '../../src/images/context.ts';
import { pushedDigest } from '../../src/images/engine-push.ts';
import { ensureImages } from '../../src/images/ensure.ts';
import { loadImages } from '../../src/images/load.ts';
import { imageLabels } from '../../src/images/model.ts';
import { sortImages } from '../../src/images/outdated.ts';
import { pullImages } from '../../src/images/provide.ts';
import { saveImages } from '../../src/images/save.ts';
import type { EngineMessage } from '../../src/platform/docker/engine-stream.ts';
import { needs } from '../support/needs.ts';
import { type RegistryServer, startRegistry } from '../support/registry.ts';
import { openBench, runIn, stepLines, type TestBench, tinyRequest } from './images-engine.ts';

// A base that is locked to a digest, with a real registry in which its name stands for another image by now.

let bench: TestBench;
let server: RegistryServer;
/** What `docker.io/arc-test/tiny:1.0` stood for when it was locked, and what it stands for now. */
let locked: string;
let newer: string;

const plain = tinyRequest({ policy: 'registry', recipe: [] });
const { reference, upstream } = plain.image;
const pinned = () => ({ ...plain, locked });

beforeAll(async () => {
  bench = await openBench();
  server = await startRegistry({ folder: join(bench.folder, 'registry'), auth: false });
  const local = tinyRequest({ policy: 'local' });
  const other = { ...local.image, labels: { 'arc.service.role': 'newer' } };
  locked = await push(local);
  newer = await push({ ...local, image: other });
});
beforeEach(async () => {
  bench.events.length = 0;
  await forget();
});
afterAll(async () => {
  await server?.close();
  await bench?.close();
});

/** Builds a wrapper and publishes it under the upstream's name, where it serves as a base. */
async function push(request: typeof plain): Promise<string> {
  await ensureImages({ ...bench.context, requests: [request] });
  const repo = `${server.address}/arc-test/tiny`;
  await bench.docker.getImage(reference).tag({ repo, tag: '1.0' });
  const answer = await bench.docker.getImage(`${repo}:1.0`).push({ authconfig: {} });
  const messages = await new Promise<EngineMessage[]>((resolve, reject) => {
    bench.docker.modem.followProgress(answer, (error, all) => (error ? reject(error) : resolve(all)));
  });
  expect(messages.flatMap(({ error }) => error ?? [])).toEqual([]);
  const digest = messages.flatMap((message) => pushedDigest(message) ?? [])[0];
  if (digest === undefined) throw new Error('the push names no digest');
  await bench.docker.getImage(reference).remove({ force: true });
  return digest;
}

/** Removes everything that a pull would bring. */
async function forget(): Promise<void> {
  const repository = `${server?.address}/arc-test/tiny`;
  for (const image of await bench.docker.listImages()) {
    const names = [...(image.RepoTags ?? []), ...(image.RepoDigests ?? [])];
    for (const name of names.filter(
      (each) => each === reference || each.startsWith(repository) || each === 'arc-test/tiny:1.0',
    ))
      await bench.docker
        .getImage(name)
        .remove({ force: true })
        .catch(() => {});
  }
}

const context = (): ImagesContext => ({ ...bench.context, mirrors: { 'docker.io': server.address } });
const name = () => `${server.address}/arc-test/tiny:1.0`;

describe('a locked base', needs('docker-registry'), () => {
  it('is another image than its name stands for', () => {
    expect(locked).not.toBe(newer);
  });

  it('is pulled by its digest, and the wrapper says so', async () => {
    const { ready, missing } = await ensureImages({ ...context(), requests: [pinned()] });
    expect(missing).toEqual([]);
    expect(ready[0]).toMatchObject({
      built: true,
      base: { reference: upstream, source: 'registry', digest: locked },
    });
    const { Config } = await bench.docker.getImage(reference).inspect();
    expect(Config.Labels[imageLabels.baseDigest]).toBe(locked);
    expect(Config.Labels[imageLabels.baseName]).toBe(upstream);
    expect(stepLines(bench.events)).toContain(`done tiny pulled ${name()}: ${locked}`);
    expect(await runIn(bench.docker, reference, ['sh', '-c', 'echo it runs'])).toContain('it runs');
  });

  it('has its name on the Engine, where that is free', async () => {
    await ensureImages({ ...context(), requests: [pinned()] });
    const { RepoDigests } = await bench.docker.getImage(name()).inspect();
    expect(RepoDigests).toEqual([`${server.address}/arc-test/tiny@${locked}`]);
  });

  it('is not pulled again, and needs no network then', async () => {
    await ensureImages({ ...context(), requests: [pinned()] });
    bench.countCalls();
    const again = await ensureImages({ ...context(), offline: true, requests: [pinned()] });
    expect(again.ready[0]?.built).toBe(false);
    expect(bench.countCalls()).toBe(1);
    await bench.docker.getImage(reference).remove({ force: true });
    const rebuilt = await ensureImages({ ...context(), offline: true, requests: [pinned()] });
    expect(rebuilt.ready[0]).toMatchObject({ built: true, base: { digest: locked } });
  });

  it('replaces the image that its name stood for, which keeps the name', async () => {
    const before = await ensureImages({ ...context(), requests: [plain] });
    expect(before.ready[0]?.base.digest).toBe(newer);
    const { outdated } = await sortImages({ ...context(), requests: [pinned()] });
    expect(outdated).toHaveLength(1);
    const { ready } = await ensureImages({ ...context(), requests: [pinned()] });
    expect(ready[0]).toMatchObject({ built: true, base: { digest: locked } });
    expect((await sortImages({ ...context(), requests: [pinned()] })).outdated).toEqual([]);
    const { RepoDigests } = await bench.docker.getImage(name()).inspect();
    expect(RepoDigests).toEqual([`${server.address}/arc-test/tiny@${newer}`]);
  });

  it('is not replaced by what the Engine has under its name, while offline', async () => {
    await ensureImages({ ...context(), requests: [plain] });
    const { ready, missing } = await ensureImages({ ...context(), offline: true, requests: [pinned()] });
    expect(ready).toEqual([]);
    expect(missing[0]?.problem).toMatchObject({
      code: 'base-unavailable',
      detail: [
        'registry: not asked while offline, and the Engine has another image than is locked',
        'local recipe: not used, the policy is "registry"',
      ],
    });
  });

  it('is pulled anew by its digest when that is asked for', async () => {
    await ensureImages({ ...context(), requests: [pinned()] });
    const { ready } = await pullImages({ ...context(), requests: [pinned()] });
    expect(ready[0]?.base.digest).toBe(locked);
  });

  it('that the registry has lost is missing, in the words of the registry', async () => {
    const gone = { ...plain, locked: `sha256:${'0'.repeat(64)}` };
    const { missing } = await ensureImages({ ...context(), requests: [gone] });
    expect(missing[0]?.problem.detail?.[0]).toMatch(/^registry .*(not found|manifest unknown)/);
  });

  it('comes along in an archive, and is taken for what its name says where it is loaded', async () => {
    await ensureImages({ ...context(), requests: [pinned()] });
    const file = join(bench.folder, 'locked.tar');
    await saveImages({ ...bench.context, images: [{ role: 'tiny', reference }], file });
    await forget();
    const loaded = await loadImages({ ...bench.context, file });
    expect(loaded.references.toSorted()).toEqual([name(), reference].toSorted());
    const offline = { ...context(), offline: true };
    expect((await ensureImages({ ...offline, requests: [pinned()] })).ready[0]?.built).toBe(false);
    await bench.docker.getImage(reference).remove({ force: true });
    const { ready } = await ensureImages({ ...offline, requests: [pinned()] });
    // An archive takes the digest along where the Engine's image store keeps it: that of containerd does.
    const { digest = locked } = ready[0]?.base ?? {};
    expect(ready[0]).toMatchObject({
      built: true,
      base: { source: expect.stringMatching(/present|registry/) },
    });
    expect(digest).toBe(locked);
    expect((await sortImages({ ...context(), requests: [pinned()] })).outdated).toEqual([]);
  });
});

import { Readable } from 'node:stream';
import type Docker from 'dockerode';
import { pack } from 'tar-stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findLeftovers } from '../../src/images/leftovers.ts';
import { withWrapperLabel } from '../../src/images/wrapper.ts';
import { connectEngine } from '../../src/platform/docker/connection.ts';
import { openStage, type Stage } from '../support/stage.ts';

// What builds leave on the Engine beside the wrapper, on which old and new Engines differ.

const wrapper = 'ghcr.io/arc-framework/arc-cache:latest';
const build = ['images', 'build', 'cache', '--bases', 'local', '--yes'];

let stage: Stage;
let docker: Docker;
let before: readonly string[];
beforeAll(async () => {
  stage = await openStage();
  docker = stage.engine.docker;
  await stage.succeed(['nuke', '--force']);
  before = await everyImage();
});
afterAll(() => stage?.close());

/** Ids of all images, those without a name too; bases stay for the next boot. */
async function everyImage(): Promise<readonly string[]> {
  const images = await docker.listImages({ all: true });
  const isBase = (names: readonly string[] | null | undefined): boolean =>
    names?.some((name) => name.startsWith('arc-base/')) === true;
  return images
    .filter(({ RepoTags }) => !isBase(RepoTags))
    .map(({ Id }) => Id)
    .sort();
}

const idOf = async (name: string): Promise<string> => (await docker.getImage(name).inspect()).Id;

/** Builds the cache again, another one than before. */
async function rebuild(from: string, to: string): Promise<void> {
  stage.workspace.edit('services/cache/service.yaml', `tech: ${from}`, `tech: ${to}`);
  await stage.succeed(['generate']);
  await stage.succeed(build);
}

/** Has the Engine build a Dockerfile, and gives what it said. */
async function buildByHand(dockerfile: string): Promise<string> {
  const archive = pack();
  archive.entry({ name: 'Dockerfile' }, dockerfile);
  archive.finalize();
  const answer = await docker.buildImage(Readable.from(archive), { rm: true, forcerm: true });
  let text = '';
  for await (const chunk of answer) text += String(chunk);
  return text;
}

/** The images without a name that are not steps to others. */
async function dangling(): Promise<readonly string[]> {
  const images = await docker.listImages({ filters: { dangling: ['true'] } });
  return images.map(({ Id }) => Id).filter((id) => !before.includes(id));
}

describe('a build', () => {
  it('leaves its wrapper alone: no stage, and not the wrapper that it replaces', async () => {
    await stage.succeed(build);
    expect(await dangling()).toEqual([]);
    const first = await idOf(wrapper);
    await rebuild('redis', 'redis-two');
    expect(await idOf(wrapper)).not.toBe(first);
    expect(await dangling()).toEqual([]);
    expect(await everyImage()).not.toContain(first);
  });

  it('leaves a wrapper that a container is made from, until the next build without that container', async () => {
    const used = await idOf(wrapper);
    const container = await docker.createContainer({ Image: wrapper, Cmd: ['/bin/true'] });
    try {
      await rebuild('redis-two', 'redis-three');
      expect(await dangling()).toEqual([used]);
    } finally {
      await container.remove();
    }
    await rebuild('redis-three', 'redis-four');
    expect(await dangling()).toEqual([]);
  });
});

describe('nuke', () => {
  it('leaves the Engine with the images that it had before, also after a build that failed, and without versions', async () => {
    const image = { reference: wrapper } as Parameters<typeof withWrapperLabel>[0]['image'];
    const dockerfile = withWrapperLabel({
      dockerfile: stage.workspace.read('services/cache/Dockerfile'),
      image,
    });
    const base = (await docker.listImages({ filters: { reference: ['arc-base/redis'] } }))[0]?.RepoTags?.[0];
    const failing = dockerfile.replace(/^ARG BASE_IMAGE=.*$/m, `ARG BASE_IMAGE=${base}`);
    expect(await buildByHand(`${failing}\nRUN exit 7\n`)).toContain('returned a non-zero code: 7');
    expect(await dangling()).not.toEqual([]);
    const version = wrapper.replace(':latest', ':v0.1.0');
    await docker.getImage(wrapper).tag({ repo: wrapper.replace(':latest', ''), tag: 'v0.1.0' });

    const { stdout } = await stage.succeed(['nuke', '--force']);
    expect(stdout).toContain(`- image ${version}`);
    expect(stdout).toContain(`(left by a build of ${wrapper})`);
    expect(stdout).toContain('Nothing is left of the project');
    expect(await everyImage()).toEqual(before);
    expect((await stage.succeed(['nuke', '--force'])).stdout).toBe('There is nothing to remove.');
  });

  it("leaves somebody's image without a name that is made from a wrapper", async () => {
    await stage.succeed(build);
    const said = await buildByHand(`FROM ${wrapper}\nLABEL somebody=else\n`);
    const theirs = /Successfully built ([0-9a-f]+)/.exec(said)?.[1] ?? '';
    const { images: engineImages, close } = await connectEngine({
      environment: process.env,
      deadlineMilliseconds: 5_000,
    });
    expect((await findLeftovers({ engineImages })).map(({ id }) => id)).not.toContain(await idOf(theirs));
    close();
    await stage.succeed(['nuke', '--force']);
    const { Id, Config } = await docker.getImage(theirs).inspect();
    expect(Config.Labels).toMatchObject({ 'arc.image.wrapper': wrapper, somebody: 'else' });
    await docker.getImage(Id).remove();
  });
});

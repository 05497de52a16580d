import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { needs } from '../support/needs.ts';
import { type SecondEngine, secondEngineNeeds, startSecondEngine } from '../support/second-engine.ts';
import { openStage, type Stage } from '../support/stage.ts';

const core = ['storage', 'realtime', '--without', 'realtime-ingress', '--without', 'realtime-egress'];
const roles = ['cache', 'storage', 'realtime'];

describe('a machine without a network, and an Engine without images', needs(...secondEngineNeeds), () => {
  let stage: Stage;
  let other: SecondEngine;
  let archive: string;
  beforeAll(async () => {
    stage = await openStage({ settings: { media: 'mux' } });
    archive = stage.workspace.path('stack.tar');
    other = await startSecondEngine();
  });
  afterAll(async () => {
    try {
      await there(['nuke', '--force']);
    } finally {
      await other?.close();
      await stage?.close();
    }
  });

  /** Runs arc on that machine. */
  const there = (args: readonly string[]) =>
    stage.arc(args, { before: other.before, environment: other.environment });
  const succeedThere = async (args: readonly string[]) => {
    const ran = await there(args);
    expect(ran.exitCode, ran.output).toBe(0);
    return ran;
  };
  const containersThere = () => other.docker.listContainers({ all: true });
  const imagesThere = async () => (await other.docker.listImages()).flatMap(({ RepoTags }) => RepoTags ?? []);

  it('cannot boot: every image is named with what was tried, and nothing is created', async () => {
    const { exitCode, stdout, stderr } = await there(['up', ...core, '--offline']);
    expect(exitCode).toBe(1);
    expect(stdout).toBe('');
    for (const role of roles)
      expect(stderr).toMatch(
        new RegExp(
          `^error\\[base-unavailable\\]\\n {2}arc could not get the base image of ${role}, \\S+\\.`,
          'm',
        ),
      );
    expect(stderr).toContain('registry: not asked while offline, and the image is not on the Engine');
    expect(stderr).toContain('local recipe: has not been built on this machine, and needs the network');
    expect(stderr).toContain('`arc images save` and `arc images load`');
    expect(await containersThere()).toEqual([]);
    expect((await other.docker.listVolumes()).Volumes ?? []).toEqual([]);
    expect(await imagesThere()).toEqual([]);
  });

  it('has nothing to write into an archive, and says which images', async () => {
    const { exitCode, stderr } = await there(['images', 'save', ...core, '--output', 'nothing.tar']);
    expect(exitCode).toBe(2);
    for (const role of roles) expect(stderr).toContain(`ghcr.io/arc-framework/arc-${role}:latest`);
    expect(() => statSync(stage.workspace.path('nothing.tar'))).toThrow('ENOENT');
  });

  it('is brought one archive, written elsewhere, with everything in it', async () => {
    await stage.succeed(['images', 'build', ...core]);
    const { stdout } = await stage.succeed(['images', 'save', ...core, '--output', 'stack.tar']);
    expect(stdout).toMatch(
      /^Wrote 3 images, .*, to stack\.tar\. On the other machine: arc images load stack\.tar$/,
    );
  });

  it.each([
    ['a damaged one', (whole: Buffer) => flipped(whole)],
    ['one that is cut off', (whole: Buffer) => whole.subarray(0, whole.length / 2)],
    ['something else', () => Buffer.from('This is no archive at all.\n'.repeat(100))],
    ['an empty file', () => Buffer.alloc(0)],
  ])('refuses %s, and has nothing of it afterwards', async (_, make) => {
    writeFileSync(stage.workspace.path('damaged.tar'), make(readFileSync(archive)));
    const { exitCode, stdout, stderr } = await there(['images', 'load', 'damaged.tar']);
    expect([1, 2]).toContain(exitCode);
    expect(stdout).toBe('');
    expect(stderr).toMatch(/^error\[archive-(unreadable|not-loaded)\]/m);
    expect(stderr).toContain('damaged.tar');
    expect((await there(['up', ...core, '--offline'])).exitCode).toBe(1);
    expect(await containersThere()).toEqual([]);
  });

  it('loads the archive, and boots from it with --offline', async () => {
    const { stdout } = await succeedThere(['images', 'load', 'stack.tar']);
    for (const role of roles) expect(stdout).toContain(`ghcr.io/arc-framework/arc-${role}:latest`);
    expect((await succeedThere(['plan', ...core])).stdout).not.toContain('image ');
    const up = await succeedThere(['up', ...core, '--offline']);
    expect(up.stdout).toMatch(/^3 containers are healthy after /);
    expect(up.stderr).not.toMatch(/pull|build image/);
    expect((await containersThere()).map(({ Names }) => Names[0]).toSorted()).toEqual([
      '/arc-cache',
      '/arc-realtime',
      '/arc-storage',
    ]);
  });

  it('is healthy, and knows what everything was made from', async () => {
    await succeedThere(['health']);
    const { stdout } = await succeedThere(['images', 'cache', 'storage', 'realtime']);
    expect(stdout).toMatch(/^cache +docker\.io\/library\/redis:\S+ +local /m);
  });

  it('goes on without a network when a container is to be made anew', async () => {
    stage.workspace.edit('services/cache/service.yaml', 'memory: 256m', 'memory: 320m');
    const { stderr } = await succeedThere(['up', ...core, '--offline']);
    expect(stderr).toContain('cache created');
    expect((await succeedThere(['plan', ...core, '--exit-code'])).stdout).toBe('nothing to do');
  });
});

/** One bit of the middle is another one, which is within a layer. */
function flipped(whole: Buffer): Buffer {
  const copy = Buffer.from(whole);
  const middle = Math.floor(copy.length / 2);
  copy.writeUInt8(copy.readUInt8(middle) ^ 1, middle);
  return copy;
}

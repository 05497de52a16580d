import { existsSync, renameSync, symlinkSync, unlinkSync } from 'node:fs';
import { hostname } from 'node:os';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { resultOf } from '../support/run-arc.ts';
import { openStage, type Stage } from '../support/stage.ts';
import { makeWorkspace, type TestWorkspace } from '../support/workspace.ts';

// Two clones of one repository have the same project, and so the same names on the Engine.

let stage: Stage;
let second: TestWorkspace;
beforeAll(async () => {
  stage = await openStage();
  second = makeWorkspace();
});
afterAll(async () => {
  await stage?.arc(['down', '--take-over']);
  await stage?.close();
  second?.remove();
});

const inSecond = (args: readonly string[]) => stage.arc(args, { cwd: second.root });
const password = 'arc-dev-redis-password';

async function redis(words: readonly string[]): Promise<string> {
  const call = ['exec', 'cache', 'redis-cli', '--no-auth-warning', '-a', password, ...words];
  return (await stage.succeed(call)).stdout.trim();
}

async function cacheId(): Promise<string | undefined> {
  return (await stage.engine.containers())['arc-cache']?.id;
}

describe('a second clone of a workspace whose stack runs', () => {
  let id: string | undefined;
  it('is told by plan and status where it runs from', async () => {
    await stage.succeed(['up', 'cache', '--yes']);
    await redis(['SET', 'precious', '1']);
    id = await cacheId();
    const first = `${stage.workspace.root} on ${hostname()}`;
    const sentence = `arc-cache and the volume arc-cache-data run from ${first}, not from here (${second.root} on ${hostname()}).`;
    expect((await inSecond(['plan', 'cache'])).stderr).toContain(sentence);
    expect((await inSecond(['status'])).stdout).toContain(`arc-cache runs from ${first}, not from here.`);
    const { stdout } = await inSecond(['status', '--json']);
    const { containers } = resultOf<{ containers: { role: string; runsFrom: unknown }[] }>(stdout);
    expect(containers.find(({ role }) => role === 'cache')?.runsFrom).toMatchObject({
      folder: stage.workspace.root,
      host: hostname(),
    });
    expect(existsSync(second.path('.arc'))).toBe(false);
  });

  it.each(['up cache --yes', 'restart cache --yes', 'down', 'clean --yes', 'nuke --force'])(
    'is refused with 2 without a terminal: %s',
    async (command) => {
      const args = command.split(' ');
      const { exitCode, stderr } = await inSecond(args);
      expect(exitCode, stderr).toBe(2);
      expect(stderr).toContain('error[other-workspace]');
      expect(stderr).toContain(`from ${stage.workspace.root} on ${hostname()}`);
      expect(stderr).toContain(`arc ${args[0]} --take-over`);
      expect(await cacheId()).toBe(id);
      expect(await redis(['GET', 'precious'])).toBe('1');
    },
  );

  it('takes the stack over, with its data, where that is said', async () => {
    const { exitCode, output } = await inSecond(['up', 'cache', '--yes', '--take-over']);
    expect(exitCode, output).toBe(0);
    expect(await cacheId()).not.toBe(id);
    expect(await redis(['GET', 'precious'])).toBe('1');
  });

  it('has it from then on, over a down, and the first one is told', async () => {
    expect((await stage.arc(['clean', '--yes'])).stderr).toContain(
      `run from ${second.root} on ${hostname()}`,
    );
    expect((await inSecond(['down'])).exitCode).toBe(0);
    const again = await inSecond(['up', 'cache', '--yes']);
    expect(again.exitCode, again.output).toBe(0);
    expect(again.stderr).not.toContain('other-workspace');
    expect((await inSecond(['down'])).exitCode).toBe(0);
  });
});

describe('one workspace', () => {
  it('is the same through a link, and changes nothing there', async () => {
    await stage.succeed(['up', 'cache', '--yes']);
    const id = await cacheId();
    const link = `${stage.workspace.root}-link`;
    symlinkSync(stage.workspace.root, link);
    try {
      const { stdout, exitCode } = await stage.arc(['--directory', link, 'plan', 'cache', '--exit-code']);
      expect(stdout).toBe('nothing to do');
      expect(exitCode).toBe(0);
    } finally {
      unlinkSync(link);
    }
    expect(await cacheId()).toBe(id);
  });

  it('is the same when it has been moved', async () => {
    const { root } = stage.workspace;
    const moved = `${root}-moved`;
    renameSync(root, moved);
    try {
      const { exitCode, output } = await stage.arc(['up', 'cache', '--yes'], { cwd: moved });
      expect(exitCode, output).toBe(0);
      expect(output).not.toContain('other-workspace');
    } finally {
      renameSync(moved, root);
    }
    expect(await redis(['GET', 'precious'])).toBe('1');
  });
});

import { spawn } from 'node:child_process';
import { mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { lockProject } from './lock.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'arc-lock-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const engine = 'tcp://engine.example:2375';

function lock(command = 'arc up', project = 'arc', DOCKER_HOST = engine) {
  return lockProject({ project, command, environment: { XDG_CACHE_HOME: folder, DOCKER_HOST } });
}

/** The file of a lock that is free again. */
async function freeLock(): Promise<string> {
  await using _held = await lock();
  const [name = ''] = await readdir(join(folder, 'arc', 'locks'));
  return join(folder, 'arc', 'locks', name);
}

describe('lockProject', () => {
  it('refuses a second holder and names the first: command, process and time', async () => {
    await using _held = await lock('arc up');
    await expect(lock('arc down')).rejects.toMatchObject({
      code: 'locked',
      message: expect.stringMatching(
        new RegExp(
          `^arc is being changed by \`arc up\`, process ${process.pid}, since \\d{4}-.*Z, on the Engine at ${engine}\\.$`,
        ),
      ),
    });
  });

  it('names the folder and the way out where it cannot be written', async () => {
    const file = join(folder, 'file');
    await writeFile(file, '');
    await expect(
      lockProject({ project: 'arc', command: 'arc up', environment: { XDG_CACHE_HOME: file } }),
    ).rejects.toMatchObject({
      code: 'no-cache-folder',
      status: 4,
      message: expect.stringContaining(`arc could not write to ${file}/arc/locks`),
    });
  });

  it('works without a home', async () => {
    const home = join(folder, 'file');
    await writeFile(home, '');
    const environment = { HOME: home };
    const options = { project: `test-${process.pid}`, command: 'arc up', environment };
    await using _held = await lockProject(options);
    await expect(lockProject(options)).rejects.toMatchObject({ code: 'locked' });
  });

  it('lets different projects be changed together', async () => {
    await using _one = await lock('arc up', 'one');
    await using _two = await lock('arc up', 'two');
  });

  it('lets a project be changed on two Engines', async () => {
    await using _one = await lock('arc up', 'arc', 'tcp://one.example:2375');
    await using _two = await lock('arc up', 'arc', 'tcp://two.example:2375');
  });

  it('knows a socket by whatever path it is named', async () => {
    await writeFile(join(folder, 'docker.sock'), '');
    await symlink(join(folder, 'docker.sock'), join(folder, 'link.sock'));
    await using _held = await lock('arc up', 'arc', `unix://${join(folder, 'docker.sock')}`);
    await expect(lock('arc up', 'arc', `unix://${join(folder, 'link.sock')}`)).rejects.toMatchObject({
      code: 'locked',
    });
  });

  it('can be taken again once it was released, and leaves no file', async () => {
    {
      await using _first = await lock();
    }
    {
      await using second = await lock();
      expect(second.abandoned).toBe(false);
    }
    expect(await readdir(join(folder, 'arc', 'locks'))).toEqual([]);
  });

  it('takes over from a process that was killed', async () => {
    const child = spawn('sleep', ['60']);
    await writeFile(
      await freeLock(),
      JSON.stringify({ pid: child.pid, started: '1', command: 'arc up', since: '' }),
    );
    child.kill('SIGKILL');
    await using held = await lock();
    expect(held.abandoned).toBe(true);
  });

  it('takes over from an ended process whose pid is in use again', async () => {
    await writeFile(
      await freeLock(),
      JSON.stringify({ pid: process.pid, started: '1', command: 'arc up', since: '' }),
    );
    await using held = await lock();
    expect(held.abandoned).toBe(true);
  });

  it('has one winner when many take it together', async () => {
    const outcomes = await Promise.allSettled(Array.from({ length: 20 }, () => lock()));
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });
});

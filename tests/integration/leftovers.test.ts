import { spawn } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { needs } from '../support/needs.ts';
import { repository } from '../support/run-arc.ts';
import { connectTestEngine } from '../support/test-engine.ts';

// What .ci/run finds after the tests, and what it makes of it.

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'arc-leftovers-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('.ci/leftovers', () => {
  /** The list of what is on the machine that tests could have made; `script` comes first, in the same namespaces. */
  async function list(options: { script?: string; mark?: string } = {}): Promise<readonly string[]> {
    const { script = 'true', mark = 'none' } = options;
    const command = `${script}; exec ${join(repository, '.ci', 'leftovers')}`;
    const { stdout } = await execa('unshare', ['--mount', 'sh', '-c', command], { env: { GATE_RUN: mark } });
    return stdout.split('\n');
  }

  /** @returns its id; it is gone when the test is over */
  async function importImage(name?: string, list?: string): Promise<string> {
    const files = list === undefined ? [import.meta.filename] : [`--files-from=${list}`];
    const layer = await execa('tar', ['--create', '--absolute-names', ...files], { encoding: 'buffer' });
    const { stdout } = await execa('docker', ['import', '-', ...(name ? [name] : [])], {
      input: layer.stdout,
    });
    onTestFinished(() =>
      connectTestEngine()
        .docker.getImage(name ?? stdout)
        .remove(),
    );
    return stdout;
  }

  it('names containers, volumes, networks and images', needs('root', 'linux', 'docker'), async () => {
    const { docker } = connectTestEngine();
    const name = 'left-by-the-test';
    await docker.createVolume({ Name: name });
    onTestFinished(() => docker.getVolume(name).remove());
    const network = await docker.createNetwork({ Name: name });
    onTestFinished(() => network.remove());
    await importImage(`${name}:1`);
    const untagged = await importImage();
    const container = await docker.createContainer({ name, Image: `${name}:1`, Cmd: ['nothing'] });
    onTestFinished(() => container.remove());
    const lines = await list();
    expect(lines).toEqual(
      expect.arrayContaining([
        `container ${name}`,
        `volume ${name}`,
        `network ${name}`,
        expect.stringMatching(`^image ${name}:1 \\(sha256:`),
        `image <none>:<none> (${untagged})`,
      ]),
    );
  });

  it(
    'leaves out images that arc keeps, and stages without files',
    needs('root', 'linux', 'docker'),
    async () => {
      for (const name of ['arc-base/left', 'example.org/arc-framework/arc-left'])
        await importImage(`${name}:1`);
      const stage = await importImage(undefined, '/dev/null');
      const lines = await list();
      expect(lines.filter((line) => line.includes('left:1') || line.includes(stage))).toEqual([]);
    },
  );

  it('names mounts and namespaces', needs('root', 'linux', 'unshare'), async () => {
    const [mount, namespace] = [join(folder, 'mount'), join(folder, 'namespace')];
    mkdirSync(mount);
    writeFileSync(namespace, '');
    const script = `mount -t tmpfs tmpfs ${mount}; mount --bind /proc/self/ns/net ${namespace}`;
    const lines = await list({ script });
    expect(lines).toEqual(expect.arrayContaining([`mount ${mount}`, `namespace ${namespace}`]));
  });

  it('names processes by the mark of their run, and folders of tests', needs('root', 'linux'), async () => {
    const mark = `test-${process.pid}`;
    const [ours, foreign] = [mark, 'another'].map((run) => {
      const child = spawn('sleep', ['120'], {
        env: { PATH: process.env.PATH, GATE_RUN: run },
        stdio: 'ignore',
      });
      onTestFinished(() => void child.kill());
      return child.pid;
    });
    const lines = await list({ mark });
    expect(lines).toEqual(expect.arrayContaining([`process ${ours}: sleep 120`, `folder ${folder}`]));
    expect(lines.join('\n')).not.toContain(`process ${foreign}:`);
  });
});

describe('.ci/run', needs('root', 'linux', 'unshare', 'make'), () => {
  /** Runs it in namespaces of its own, in a copy of the repository whose `make test` is `script`. */
  async function gate(script: string): Promise<{ exitCode: number | undefined; lines: readonly string[] }> {
    const root = mkdtempSync(join(folder, 'gate-'));
    cpSync(join(repository, '.ci'), join(root, '.ci'), { recursive: true });
    mkdirSync(join(root, 'tmp'));
    mkdirSync(join(root, 'bin'));
    writeFileSync(join(root, 'bin', 'arc'), '#!/bin/sh\n');
    chmodSync(join(root, 'bin', 'arc'), 0o755);
    writeFileSync(join(root, 'Makefile'), `test:\n\t@sh ${join(root, 'test.sh')}\n`);
    writeFileSync(join(root, 'test.sh'), script);
    const namespaces = ['--mount', '--net', '--pid', '--fork', '--kill-child', '--mount-proc'];
    const { exitCode, stdout } = await execa(
      'unshare',
      // Process 1 of the namespace gets the orphans.
      [...namespaces, 'sh', '-c', `${join(root, '.ci', 'run')}; exit $?`],
      { env: { TMPDIR: join(root, 'tmp'), DOCKER_HOST: `unix://${root}/none.sock` }, reject: false },
    );
    return { exitCode, lines: stdout.split('\n') };
  }
  const counts = 'echo "3 passed, 0 failed, 1 skipped"';

  it('passes on what make test says where nothing is left', async () => {
    const { exitCode, lines } = await gate(counts);
    expect({ exitCode, last: lines.at(-1) }).toEqual({ exitCode: 0, last: '3 passed, 0 failed, 1 skipped' });
  });

  it('fails with the name of each thing that is left, processes without the mark of the run too', async () => {
    const { exitCode, lines } = await gate(
      [
        'mkdir "$TMPDIR/arc-x"',
        'setsid sleep 1001 >/dev/null 2>&1 &',
        "env -i sh -c 'sleep 1002 >/dev/null 2>&1 &'",
        counts,
      ].join('\n'),
    );
    expect(lines.filter((line) => line.startsWith('error: '))).toEqual([
      expect.stringMatching(/^error: left behind: folder .*\/tmp\/arc-x$/),
      expect.stringMatching(/^error: left behind: process \d+: sleep 100[12]$/),
      expect.stringMatching(/^error: left behind: process \d+: sleep 100[12]$/),
    ]);
    expect({ exitCode, last: lines.at(-1) }).toEqual({ exitCode: 1, last: '3 passed, 3 failed, 1 skipped' });
  });

  it('waits for what is about to end', async () => {
    const { exitCode } = await gate(`sleep 3 >/dev/null 2>&1 & ${counts}`);
    expect(exitCode).toBe(0);
  });

  it('fails where make test ends before it has counted', async () => {
    const { exitCode, lines } = await gate('exit 3');
    expect(exitCode).not.toBe(0);
    expect(lines.at(-1)).toBe('0 passed, 1 failed, 0 skipped');
  });
});

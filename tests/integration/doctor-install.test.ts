import { execFileSync, spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { needs } from '../support/needs.ts';
import { type Installation, installForAll } from './doctor-cli.ts';

// `arc doctor --fix --yes` on a bare Debian: a root file system from mmdebstrap, with mounts and processes of its own,
// so that all ends with the test. The Engine that is installed there has a bridge of its own: one that is told to use none
// takes the bridge of an Engine that already runs here away.

const bridge = 'arc-test-bare';
let arc: Installation;
let root: string;

beforeAll(async () => {
  arc = await installForAll();
  // A run that was killed leaves it behind.
  spawnSync('ip', ['link', 'delete', bridge]);
  execFileSync('ip', ['link', 'add', bridge, 'type', 'bridge']);
  execFileSync('ip', ['address', 'add', '198.18.77.1/24', 'dev', bridge]);
  root = mkdtempSync(join(tmpdir(), 'arc-bare-'));
  await execa('mmdebstrap', ['--variant=minbase', '--quiet', 'bookworm', root]);
  copyFileSync('/etc/resolv.conf', join(root, 'etc/resolv.conf'));
  mkdirSync(join(root, 'arc/dist'), { recursive: true });
  copyFileSync(arc.node, join(root, 'arc/node'));
  copyFileSync(arc.program, join(root, 'arc/dist/arc.cjs'));
  mkdirSync(join(root, 'etc/docker'));
  writeFileSync(
    join(root, 'etc/docker/daemon.json'),
    JSON.stringify({ bridge, iptables: false, 'ip-forward': false }),
  );
});

afterAll(() => {
  arc.remove();
  execFileSync('ip', ['link', 'delete', bridge]);
  rmSync(root, { recursive: true, force: true });
});

/** Runs a script in the bare system; when it ends, every process that it has started is ended. */
async function inside(script: string): Promise<void> {
  const mounts = [
    `mount -t proc proc ${root}/proc`,
    `mount --rbind /sys ${root}/sys`,
    `mount --rbind /dev ${root}/dev`,
    `mount -t tmpfs tmpfs ${root}/run`,
  ].join(' && ');
  const clean = 'env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LANG=C.UTF-8 sh -c';
  await execa(
    'unshare',
    [
      '--mount',
      '--pid',
      '--fork',
      '--kill-child',
      'sh',
      '-c',
      `${mounts} && chroot ${root} ${clean} "$1"; true`,
      'sh',
      script,
    ],
    { stdin: 'ignore' },
  );
}

const events = (file: string) =>
  readFileSync(join(root, file), 'utf8')
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line));

test(
  'a bare Debian gets an Engine that runs; the second time there is nothing to do',
  needs('linux', 'root', 'mmdebstrap', 'unshare', 'chroot', 'ip'),
  async () => {
    const doctor = '/arc/node /arc/dist/arc.cjs doctor --json --fix --yes';
    await inside(
      [
        `${doctor} > /first; echo $? > /first.status`,
        `${doctor} > /second; echo $? > /second.status`,
        'cp /var/run/docker.pid /pid; readlink /proc/$(cat /pid)/exe > /daemon',
      ].join('\n'),
    );

    expect(readFileSync(join(root, 'first.status'), 'utf8').trim()).toBe('0');
    const first = events('first');
    const done = first.filter(({ type, phase }) => type === 'step' && phase === 'done');
    expect(done.map(({ verb, on }) => `${verb} ${on}`)).toEqual(
      expect.arrayContaining([
        'run command/apt-get update',
        'run command/apt-get install',
        'start engine/docker',
      ]),
    );
    expect(first.at(-1)).toMatchObject({
      type: 'result',
      data: {
        ready: true,
        findings: expect.arrayContaining([
          {
            check: 'engine',
            state: 'ok',
            message: expect.stringMatching(
              /^Docker Engine 20\.10\.\d+.* \(API 1\.41\) at unix:\/\/\/var\/run\/docker\.sock$/,
            ),
          },
        ]),
      },
    });
    expect(readFileSync(join(root, 'daemon'), 'utf8').trim()).toMatch(/\/dockerd$/);

    expect(readFileSync(join(root, 'second.status'), 'utf8').trim()).toBe('0');
    expect(events('second').filter(({ type }) => type === 'step')).toEqual([]);
  },
);

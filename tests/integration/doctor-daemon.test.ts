import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Daemon, startDaemon } from '../../src/doctor/engine-install/daemon.ts';
import { findProgram } from '../../src/host/system.ts';
import { needs } from '../support/needs.ts';
import { until } from '../support/until.ts';

// A dockerd of its own, with every folder private and in a network namespace of its own, beside whatever runs here:
// one without a bridge would take the bridge of another away.

const environment = Object.fromEntries(
  Object.entries(process.env).flatMap(([key, value]) => (value === undefined ? [] : [[key, value]])),
);
const dockerd = findProgram('dockerd', environment);
const setpriv = findProgram('setpriv', environment);
const unshare = findProgram('unshare', environment);

let folder: string;
const started: number[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'arc-dockerd-'));
});
afterEach(async () => {
  for (const pid of started.splice(0)) await end(pid);
  rmSync(folder, { recursive: true, force: true });
});

function daemon(program: string, args: readonly string[]): Daemon {
  return { program, arguments: args, socket: join(folder, 'docker.sock'), logFile: join(folder, 'log') };
}

function privateFolders(): readonly string[] {
  return [
    `--host=unix://${join(folder, 'docker.sock')}`,
    `--data-root=${join(folder, 'data')}`,
    `--exec-root=${join(folder, 'exec')}`,
    `--pidfile=${join(folder, 'pid')}`,
  ];
}

const withoutNetwork = ['--bridge=none', '--iptables=false', '--ip-forward=false', '--ip-masq=false'];

async function start(what: Daemon, deadlineMilliseconds = 30_000): Promise<number> {
  const { pid } = await startDaemon({
    daemon: what,
    environment,
    deadlineMilliseconds,
    signal: new AbortController().signal,
  });
  started.push(pid);
  return pid;
}

async function end(pid: number): Promise<void> {
  process.kill(pid, 'SIGTERM');
  for (let waited = 0; waited < 15_000 && isAlive(pid); waited += 50) await wait(50);
}

function isAlive(pid: number): boolean {
  return existsSync(`/proc/${pid}/exe`);
}

describe('starting dockerd in the background', needs('linux'), () => {
  test('it answers, in a session of its own', needs('root', 'dockerd'), async () => {
    const isolated = ['--net', dockerd ?? '', ...privateFolders(), ...withoutNetwork];
    const pid = await start(daemon(unshare ?? '', isolated));
    expect(isAlive(pid)).toBe(true);
    expect(Number(readFileSync(join(folder, 'pid'), 'utf8'))).toBe(pid);
    // Field 6 of proc(5), "stat", is the session.
    expect(readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ')[3]).toBe(String(pid));
  });

  test(
    'without the privilege to change the firewall: the reason, and the log’s end',
    needs('root', 'dockerd', 'setpriv'),
    async () => {
      const without = [
        setpriv ?? '',
        '--bounding-set=-net_admin,-net_raw',
        '--inh-caps=-net_admin,-net_raw',
        dockerd ?? '',
      ];
      const failure = start(
        daemon(unshare ?? '', ['--net', ...without, ...privateFolders(), '--ip-forward=false']),
      );
      await expect(failure).rejects.toMatchObject({
        code: 'engine-did-not-start',
        status: 4,
        message:
          'The Docker Engine did not start. dockerd may not change the firewall here: this is a container without that privilege.',
        problems: [
          {
            detail: expect.arrayContaining([
              'it failed with exit status 1',
              expect.stringContaining('you must be root'),
              `the whole log: ${join(folder, 'log')}`,
            ]),
            suggestion: expect.stringContaining('--privileged'),
          },
        ],
      });
    },
  );

  test('a program that ends at once: what it said last', async () => {
    const failure = start(daemon('/bin/sh', ['-c', 'echo the moon is in the wrong phase; exit 3']));
    await expect(failure).rejects.toMatchObject({
      message: 'The Docker Engine did not start. It failed with exit status 3.',
      problems: [
        { detail: ['it failed with exit status 3', 'the moon is in the wrong phase', expect.any(String)] },
      ],
    });
  });

  test('a program that never answers is ended when the time is up', async () => {
    const pidFile = join(folder, 'pid');
    const failure = start(daemon('/bin/sh', ['-c', `echo $$ > ${pidFile}; exec sleep 60`]), 500);
    await expect(failure).rejects.toMatchObject({
      code: 'engine-did-not-start',
      message: `The Docker Engine did not start. It did not answer at ${join(folder, 'docker.sock')} within 1 s.`,
    });
    const pid = Number(readFileSync(pidFile, 'utf8'));
    await until({ what: 'its end', ask: () => !isAlive(pid) });
  });

  test('a program that is not there', async () => {
    const failure = start(daemon('/nonexistent/dockerd', []));
    await expect(failure).rejects.toMatchObject({
      message: 'The Docker Engine did not start. There is no /nonexistent/dockerd.',
    });
  });
});

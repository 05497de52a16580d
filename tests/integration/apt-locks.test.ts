import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ArcEvent } from '../../src/core/event.ts';
import { installPackages } from '../../src/doctor/apt/install-packages.ts';
import { findProgram } from '../../src/host/system.ts';
import { untilLine } from '../support/run-arc.ts';

// The real apt-get, on a system of its own: APT_CONFIG gives it other folders, and so other locks.

const possible =
  process.getuid?.() === 0 &&
  ['apt-get', 'dpkg', 'python3'].every((name) => findProgram(name, process.env) !== undefined);

let root: string;
let holders: ChildProcess[];
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'arc-apt-'));
  for (const folder of [
    'var/lib/dpkg/info',
    'var/lib/dpkg/updates',
    'var/lib/apt/lists/partial',
    'var/cache/apt/archives/partial',
    'etc/apt/apt.conf.d',
    'etc/apt/preferences.d',
    'etc/apt/trusted.gpg.d',
    'var/log/apt',
  ])
    mkdirSync(join(root, folder), { recursive: true });
  writeFileSync(join(root, 'etc/apt/sources.list'), '');
  // One package, which is installed already: there is nothing to fetch.
  writeFileSync(
    join(root, 'var/lib/dpkg/status'),
    'Package: there\nStatus: install ok installed\nArchitecture: all\nVersion: 1\nMaintainer: x <x@y.z>\nDescription: x\n\n',
  );
  writeFileSync(
    join(root, 'apt.conf'),
    `Dir "${root}";\nDir::State::status "${root}/var/lib/dpkg/status";\nDir::Log "${root}/var/log/apt";\n`,
  );
  vi.stubEnv('APT_CONFIG', join(root, 'apt.conf'));
  holders = [];
});
afterEach(async () => {
  vi.unstubAllEnvs();
  for (const holder of holders) {
    if (holder.exitCode !== null || holder.signalCode !== null) continue;
    holder.kill('SIGKILL');
    await once(holder, 'exit');
  }
  rmSync(root, { recursive: true });
});

/** A program called `nightly-upgrade` that holds a lock as apt does. */
async function hold(file: string): Promise<ChildProcess> {
  const script = join(root, 'nightly-upgrade');
  writeFileSync(
    script,
    'import fcntl, sys\nf = open(sys.argv[1], "w")\nfcntl.lockf(f, fcntl.LOCK_EX)\nprint("held", flush=True)\nsys.stdin.read()\n',
  );
  const child = spawn('python3', [script, join(root, file)], { stdio: ['pipe', 'pipe', 'inherit'] });
  holders.push(child);
  if (child.stdout === null) throw new Error('the holder has no output');
  await untilLine(child.stdout, (line) => line === 'held');
  return child;
}

function install(patience: number) {
  const events: ArcEvent[] = [];
  const waits = () =>
    events.flatMap((event) =>
      event.type === 'step' && event.id === 'apt-turn'
        ? [`${event.phase} ${event.answer?.reply ?? ''}`.trim()]
        : [],
    );
  let onWait = (): void => {};
  const waiting = new Promise<void>((resolve) => {
    onWait = resolve;
  });
  const done = installPackages({
    packages: ['there'],
    emit: (event) => {
      events.push(event);
      if (waits().length > 0) onWait();
    },
    signal: new AbortController().signal,
    site: { root, logFile: join(root, 'log'), patience },
  });
  return { done, waits, waiting, events };
}

describe.runIf(possible)('installing packages', () => {
  it('waits for nobody where nobody holds a lock', async () => {
    const { done, waits } = install(60_000);
    await done;
    expect(waits()).toEqual([]);
    expect(readFileSync(join(root, 'log'), 'utf8')).toContain('there is already the newest version');
  });

  it.each([
    'var/lib/apt/lists/lock',
    'var/lib/dpkg/lock-frontend',
    'var/lib/dpkg/lock',
    'var/cache/apt/archives/lock',
  ])('waits for who holds %s, names it, and goes on when it has ended', async (file) => {
    const holder = await hold(file);
    const { done, waits, waiting } = install(120_000);
    await waiting;
    expect(waits()).toEqual([`running nightly-upgrade (pid ${holder.pid}) holds ${join(root, file)}`]);
    holder.stdin?.end();
    await done;
    expect(waits().at(-1)).toBe('done');
  });

  it('gives up when its patience is over, and says who it waited for', async () => {
    const holder = await hold('var/lib/dpkg/lock-frontend');
    const { done } = install(1_000);
    await expect(done).rejects.toMatchObject({
      code: 'apt-locked',
      status: 4,
      problems: [
        {
          message: `Another program installs packages, and did not finish within 1 s: nightly-upgrade (pid ${holder.pid}) holds ${join(root, 'var/lib/dpkg/lock-frontend')}.`,
        },
      ],
    });
  });

  it('is done by one arc after the other, also within one process', async () => {
    const runs = [install(120_000), install(120_000), install(120_000)];
    await Promise.all(runs.map(({ done }) => done));
    // None of them has met a lock of another one's apt-get.
    expect(readFileSync(join(root, 'log'), 'utf8')).not.toMatch(/Could not get lock|Unable to lock/);
    expect(readFileSync(join(root, 'log'), 'utf8').match(/already the newest version/g)).toHaveLength(3);
  });
});

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { beforeEach, describe, expect, it } from 'vitest';
import { type FakeVolumes, fakeVolumes } from '../../../../tests/fixtures/fake-volumes.ts';
import { manualClock } from '../../../../tests/fixtures/manual-clock.ts';
import type { Problem } from '../../../core/errors.ts';
import type { LockEngine } from './claims.ts';
import { type Holder, thisProcess } from './holder.ts';
import { lockProject, type ProjectLock } from './lock.ts';

let clock: ReturnType<typeof manualClock>;
let volumes: FakeVolumes;
let warnings: Problem[];
beforeEach(() => {
  clock = manualClock();
  volumes = fakeVolumes({ clock });
  warnings = [];
});

/** A holder of which this machine can say nothing. */
const elsewhere = (host: string): Holder => ({
  ...thisProcess({ command: 'arc up' }),
  ...{ user: 'ada', host, pid: 4711, processes: `kernel of ${host}` },
});

function lock(
  options: { project?: string; holder?: Holder; engine?: LockEngine; command?: string } = {},
): Promise<ProjectLock> {
  const { project = 'arc', command = 'arc up' } = options;
  return lockProject({
    engine: options.engine ?? volumes.client(),
    ...{ project, command, clock, address: 'ssh://engine.example' },
    holder: options.holder ?? thisProcess({ command }),
    signal: new AbortController().signal,
    warn: (problem) => warnings.push(problem),
  });
}

/** Writes the lock of an arc that is then gone without a word. */
async function abandon(holder: Holder): Promise<void> {
  const engine = volumes.client();
  const held = await lock({ holder, engine });
  engine.connected = false;
  await held[Symbol.asyncDispose]();
}

describe('a lock that is held', () => {
  it('refuses a second holder and names the first: command, process, user, machine and time', async () => {
    await using _held = await lock({
      holder: { ...elsewhere('laptop1'), since: '2026-11-30T08:00:00.000Z' },
    });
    await expect(clock.until(lock({ command: 'arc down' }))).rejects.toMatchObject({
      code: 'locked',
      status: 1,
      message:
        'arc is being changed by `arc up`, process 4711 of ada on laptop1, since 2026-11-30T08:00:00.000Z, on the Engine at ssh://engine.example.',
    });
  });

  it('lets other projects be changed', async () => {
    await using _one = await lock({ project: 'one' });
    await using _two = await lock({ project: 'two' });
  });

  it('leaves nothing when it is released, and can be taken again', async () => {
    await using _other = await lock({ project: 'other' });
    const before = volumes.names();
    await (await lock())[Symbol.asyncDispose]();
    await using again = await lock();
    expect(again.abandoned).toBe(false);
    await again[Symbol.asyncDispose]();
    expect(volumes.names()).toEqual(before);
  });

  it('leaves nothing of whoever was refused', async () => {
    await using _held = await lock();
    const before = volumes.names();
    await expect(clock.until(lock())).rejects.toMatchObject({ code: 'locked' });
    expect(volumes.names()).toEqual(before);
  });

  it('is renewed for as long as it is held, in one volume at a time', async () => {
    await using held = await lock({ holder: elsewhere('laptop1') });
    for (let minutes = 0; minutes < 10; minutes += 1) {
      await clock.pass(60_000);
      await expect(clock.until(lock({ holder: elsewhere('laptop2') }))).rejects.toMatchObject({
        code: 'locked',
      });
    }
    expect(volumes.names()).toHaveLength(1);
    await held.confirm();
  });

  it('is believed when another version of arc wrote it, and the volume is named', async () => {
    await volumes.createVolume({ name: 'arc-lock-arc-new-0', labels: { 'arc.lock': 'arc' } });
    await expect(clock.until(lock())).rejects.toMatchObject({
      code: 'locked',
      problems: [{ suggestion: expect.stringContaining('docker volume rm arc-lock-arc-new-0') }],
    });
  });
});

describe('many who come together', () => {
  it.each([2, 20])('%i have one winner', async (count) => {
    const contest = Promise.allSettled(Array.from({ length: count }, () => lock()));
    const outcomes = await clock.until(contest);
    const won = outcomes.filter((outcome) => outcome.status === 'fulfilled');
    expect(won).toHaveLength(1);
    await Promise.all(won.map(({ value }) => value[Symbol.asyncDispose]()));
    expect(volumes.names()).toEqual([]);
  });

  it('have one winner where the one before died', async () => {
    await abandon({ ...thisProcess({ command: 'arc up' }), started: '1' });
    const outcomes = await clock.until(Promise.allSettled([lock(), lock(), lock()]));
    const won = outcomes.filter((outcome) => outcome.status === 'fulfilled');
    expect(won.map(({ value }) => value.abandoned)).toEqual([true]);
    await Promise.all(won.map(({ value }) => value[Symbol.asyncDispose]()));
    expect(volumes.names()).toEqual([]);
  });
});

describe('a holder on this machine', () => {
  it('that was killed is succeeded without waiting', async () => {
    const child = spawn('sleep', ['60']);
    const holder = { ...thisProcess({ command: 'arc up' }), pid: child.pid ?? 0 };
    delete holder.started;
    await abandon(holder);
    child.kill('SIGKILL');
    await once(child, 'exit');
    await using held = await lock();
    expect(held.abandoned).toBe(true);
    expect(volumes.names()).toHaveLength(1);
  });

  it('whose pid is in use again is succeeded without waiting', async () => {
    await abandon({ ...thisProcess({ command: 'arc up' }), started: '1' });
    await using held = await lock();
    expect(held.abandoned).toBe(true);
  });

  it('that lives keeps the lock, however long it is silent', async () => {
    await abandon(thisProcess({ command: 'arc up' }));
    await clock.pass(3_600_000);
    await expect(clock.until(lock())).rejects.toMatchObject({ code: 'locked' });
  });
});

describe('a holder on another machine', () => {
  it('that was silent for less than 30 s keeps the lock', async () => {
    await abandon(elsewhere('laptop1'));
    await clock.pass(29_000);
    await expect(clock.until(lock())).rejects.toMatchObject({ code: 'locked' });
  });

  it('that was silent for longer is watched, which is said, and then succeeded', async () => {
    await abandon(elsewhere('laptop1'));
    await clock.pass(240_000);
    const taken = lock({ holder: elsewhere('laptop2') });
    await clock.pass(19_000);
    expect(warnings).toMatchObject([
      {
        code: 'lock-silent',
        message:
          'arc was being changed with `arc up` by process 4711 of ada on laptop1, which gave its last sign of life 240 s ago.',
      },
    ]);
    await using held = await clock.until(taken);
    expect(held.abandoned).toBe(true);
    expect(volumes.names()).toHaveLength(1);
  });

  it('that lives keeps the lock when the clock of the Engine is set forward', async () => {
    await using held = await lock({ holder: elsewhere('laptop1') });
    volumes.leap(3_600_000);
    const refused = expect(lock({ holder: elsewhere('laptop2') })).rejects.toMatchObject({ code: 'locked' });
    await clock.until(refused);
    await held.confirm();
  });
});

describe('a holder that slept or was cut off', () => {
  it('keeps the lock where nobody has taken it', async () => {
    const engine = volumes.client();
    await using held = await lock({ holder: elsewhere('laptop1'), engine });
    engine.connected = false;
    await clock.pass(600_000);
    engine.connected = true;
    await held.confirm();
    await expect(clock.until(lock())).rejects.toMatchObject({ code: 'locked' });
  });

  it('changes nothing once another has taken over, and leaves that one the lock', async () => {
    const engine = volumes.client();
    await using late = await lock({ holder: elsewhere('laptop1'), engine });
    engine.connected = false;
    await clock.pass(60_000);
    await using next = await clock.until(lock({ holder: elsewhere('laptop2') }));
    engine.connected = true;
    await expect(late.confirm()).rejects.toMatchObject({
      code: 'lock-lost',
      message: expect.stringContaining('`arc up`, process 4711 of ada on laptop2, has taken over arc'),
    });
    await late[Symbol.asyncDispose]();
    await next.confirm();
    expect(volumes.names()).toHaveLength(1);
  });

  it('acts on the lock while that is safe, and asks the Engine after that', async () => {
    const engine = volumes.client();
    await using held = await lock({ holder: elsewhere('laptop1'), engine });
    engine.connected = false;
    await clock.pass(25_000);
    await held.confirm();
    await clock.pass(1_000);
    await expect(held.confirm()).rejects.toMatchObject({ code: 'engine-unreachable' });
    engine.connected = true;
  });
});

it('survives that unused volumes are pruned', async () => {
  await using held = await lock({ holder: elsewhere('laptop1') });
  volumes.prune();
  await clock.pass(10_000);
  await expect(clock.until(lock())).rejects.toMatchObject({ code: 'locked' });
  await held.confirm();
});

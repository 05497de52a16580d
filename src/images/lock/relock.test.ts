import { describe, expect, test } from 'vitest';
import { container, manifests, release, service } from '../../../tests/fixtures/manifests.ts';
import { compareLock, describeDifference } from './compare.ts';
import { formatLock } from './format.ts';
import { judgeLock } from './judge.ts';
import { emptyLock, type ImagesLock, lockedBase } from './model.ts';
import { pinnedReference } from './pinned.ts';
import { basesToAsk, relock } from './relock.ts';
import { wantedBases } from './wanted.ts';

const digest = (digit: string) => `sha256:${digit.repeat(64)}`;
const redis = 'docker.io/library/redis:7.4';
const server = 'docker.io/livekit/livekit-server:v1';
const ingress = 'docker.io/livekit/ingress:v1';

const platform = manifests({
  services: [
    service({
      role: 'realtime',
      upstream: server,
      sidecars: [container({ role: 'realtime-ingress', upstream: ingress })],
    }),
    service({ role: 'sessions', upstream: redis }),
    service({ role: 'cache', upstream: redis }),
  ],
});
const used = wantedBases({ manifests: platform });

const answer = (digit: string) => ({
  digest: digest(digit),
  platforms: { 'linux/amd64': digest(`${digit}`) },
});
const first = relock({
  lock: emptyLock,
  used,
  found: new Map([redis, server, ingress].map((name, index) => [name, answer(String(index + 1))])),
  today: '2026-11-21',
});

describe('the bases of a workspace', () => {
  test('are those of services and sidecars, each once, in order of name', () => {
    expect(used).toEqual([
      { reference: redis, roles: ['cache', 'sessions'] },
      { reference: ingress, roles: ['realtime-ingress'] },
      { reference: server, roles: ['realtime'] },
    ]);
  });

  test('can be those of some containers only', () => {
    expect(wantedBases({ manifests: platform, roles: new Set(['cache', 'realtime-ingress']) })).toEqual([
      { reference: redis, roles: ['cache'] },
      { reference: ingress, roles: ['realtime-ingress'] },
    ]);
  });
});

describe('a lock', () => {
  test('gets every base with its own registry and the day', () => {
    expect(lockedBase({ lock: first.lock, upstream: redis })).toEqual({
      reference: redis,
      registry: 'docker.io',
      ...answer('1'),
      locked: '2026-11-21',
    });
    expect(first.changes).toEqual({ added: [redis, ingress, server], updated: [], removed: [], kept: [] });
  });

  test('is asked about only where something is missing, or where all is to be asked anew', () => {
    const ask = (lock: ImagesLock, update: boolean) =>
      basesToAsk({ lock, wanted: used, update }).map(({ reference }) => reference);
    expect(ask(emptyLock, false)).toEqual([redis, ingress, server]);
    expect(ask(first.lock, false)).toEqual([]);
    expect(ask(first.lock, true)).toEqual([redis, ingress, server]);
  });

  test('stays as it is, its dates too, where a registry gives what it gave before', () => {
    const found = new Map([redis, server, ingress].map((name, index) => [name, answer(String(index + 1))]));
    const again = relock({ lock: first.lock, used, found, today: '2027-01-01' });
    expect(formatLock(again.lock)).toBe(formatLock(first.lock));
    expect(again.changes.kept).toEqual([redis, ingress, server]);
  });

  test('changes where the name stands for another image, or the image is for another platform', () => {
    const moved = relock({
      lock: first.lock,
      used,
      found: new Map([[redis, answer('9')]]),
      today: '2027-01-01',
    });
    expect(moved.changes.updated).toEqual([{ reference: redis, from: digest('1'), to: digest('9') }]);
    expect(moved.lock.bases.get(redis)?.locked).toBe('2027-01-01');
    expect(moved.lock.bases.get(server)?.locked).toBe('2026-11-21');
    const more = { digest: digest('1'), platforms: { ...answer('1').platforms, 'linux/arm64': digest('8') } };
    const grown = relock({ lock: first.lock, used, found: new Map([[redis, more]]), today: '2027-01-01' });
    expect(grown.lock.bases.get(redis)).toMatchObject({ ...more, locked: '2027-01-01' });
  });

  test('loses what nobody uses, and only that', () => {
    const rest = used.filter(({ reference }) => reference !== ingress);
    const { changes } = relock({ lock: first.lock, used: rest, found: new Map(), today: '2027-01-01' });
    expect(changes).toEqual({ added: [], updated: [], removed: [ingress], kept: [redis, server] });
  });
});

describe('a lock beside manifests', () => {
  const differences = (lock: ImagesLock, wanted = used) =>
    compareLock({ lock, wanted, used }).map(describeDifference);

  test('fits', () => {
    expect(differences(first.lock)).toEqual([]);
  });

  test('lacks what is missing in it, for which container', () => {
    expect(differences(emptyLock)).toEqual([
      `${redis} of cache, sessions is not locked`,
      `${ingress} of realtime-ingress is not locked`,
      `${server} of realtime is not locked`,
    ]);
  });

  test('is of an older version where a manifest has moved on', () => {
    const old = relock({
      lock: first.lock,
      used: used.map((base) => (base.reference === redis ? { ...base, reference: `${redis}.1` } : base)),
      found: new Map([[`${redis}.1`, answer('7')]]),
      today: '2026-11-22',
    });
    expect(differences(old.lock)).toEqual([
      `${redis} of cache, sessions is not locked; the lock has ${redis}.1`,
      `${redis}.1 is locked, but no image is built from it`,
    ]);
  });

  test('need not have what was not asked about, but may', () => {
    const wanted = wantedBases({ manifests: platform, roles: new Set(['cache']) });
    const only = relock({
      lock: emptyLock,
      used,
      found: new Map([[redis, answer('1')]]),
      today: '2026-11-21',
    });
    expect(differences(only.lock, wanted)).toEqual([]);
    expect(differences(first.lock, wanted)).toEqual([]);
  });
});

describe('validation', () => {
  const released = { ...platform, workspace: { ...platform.workspace, release: release() } };

  test('warns where a release would not find its bases locked, with the command to run', () => {
    expect(judgeLock({ lock: first.lock, manifests: released })).toEqual([]);
    expect(judgeLock({ lock: emptyLock, manifests: released })).toMatchObject([
      { code: 'lock-outdated', suggestion: 'arc images lock', detail: { length: 3 } },
    ]);
  });

  test('asks for no lock where nothing is released, but for one that fits', () => {
    expect(judgeLock({ lock: emptyLock, manifests: platform })).toEqual([]);
    const cache = manifests({ services: [service({ role: 'cache', upstream: redis })] });
    expect(judgeLock({ lock: first.lock, manifests: cache })[0]?.detail).toEqual([
      `${ingress} is locked, but no image is built from it`,
      `${server} is locked, but no image is built from it`,
    ]);
  });
});

test('a pinned base is pulled by digest alone, from a mirror where there is one', () => {
  const pin = { reference: redis, digest: digest('1') };
  expect(pinnedReference({ ...pin, mirrors: {} })).toBe(`docker.io/library/redis@${digest('1')}`);
  expect(pinnedReference({ ...pin, mirrors: { 'docker.io': 'mirror.example/hub' } })).toBe(
    `mirror.example/hub/library/redis@${digest('1')}`,
  );
});

import { chmodSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { testContainer, testStack } from '../../tests/fixtures/stacks.ts';
import { Secret } from '../core/secret.ts';
import { closedMounts, openMounts } from './mount-rights.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'arc-rights-'));
});
afterEach(() => rmSync(root, { recursive: true }));

function stackOf(user: string) {
  const file = {
    file: 'redis.conf',
    template: 'redis.conf.liquid',
    target: '/etc/redis.conf',
    content: new Secret(''),
  };
  return testStack({ containers: [testContainer({ role: 'cache', user, config: [file] })] });
}

function closed(options: { mode: number; user?: string }) {
  const path = join(root, 'redis.conf');
  writeFileSync(path, '');
  chmodSync(path, options.mode);
  return closedMounts({ root, stack: stackOf(options.user ?? '65532:65532') });
}

describe('a config file that is mounted', () => {
  test('is closed to a user that is neither its owner nor of its group without rights for others', () => {
    expect(closed({ mode: 0o600 })).toEqual([
      { path: 'redis.conf', container: 'arc-cache', user: '65532:65532', mode: 0o600, opened: 0o644 },
    ]);
    expect(closed({ mode: 0o640 })).toHaveLength(1);
    expect(closed({ mode: 0o644 })).toEqual([]);
  });

  test('is open to its owner, to its group and to root, each by its own bits', () => {
    const { uid, gid } = statSync(root);
    expect(closed({ mode: 0o600, user: '0:0' })).toEqual([]);
    expect(closed({ mode: 0o640, user: `65532:${gid}` })).toEqual([]);
    expect(closed({ mode: 0o604, user: `65532:${gid}` })).toHaveLength(1);
    if (uid !== 0) expect(closed({ mode: 0o600, user: `${uid}:65532` })).toEqual([]);
  });

  test('that is not there yet is written with the right mode, so it is not closed', () => {
    expect(closedMounts({ root, stack: stackOf('65532:65532') })).toEqual([]);
  });

  test('is opened, which is said', () => {
    const warnings = openMounts({ root, closed: closed({ mode: 0o600 }) });
    expect(warnings.map(({ message }) => message)).toEqual([
      'redis.conf has mode 0600, so user 65532:65532 of arc-cache cannot read it; it has mode 0644 now.',
    ]);
    expect(statSync(join(root, 'redis.conf')).mode & 0o777).toBe(0o644);
  });

  test('that cannot be opened is an error with the command for its owner', () => {
    const mounts = closed({ mode: 0o600 });
    rmSync(join(root, 'redis.conf'));
    expect(() => openMounts({ root, closed: mounts })).toThrow(
      'redis.conf has mode 0600, so user 65532:65532 of arc-cache cannot read it, and it could not be opened',
    );
  });
});

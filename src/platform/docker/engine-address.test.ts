import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { engineAddress } from './engine-address.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'arc-address-'));
  const program = join(folder, 'ssh');
  writeFileSync(
    program,
    [
      '#!/bin/sh',
      'case "$*" in',
      "  '-G -- farm') echo 'hostname 192.0.2.9' ;;",
      "  '-G -- behind') printf 'hostname 10.0.0.9\\nproxyjump gate\\n' ;;",
      "  '-G -- tunnel') printf 'hostname 10.0.0.9\\nproxycommand corkscrew x\\n' ;;",
      "  '-G -- self') echo 'hostname 127.0.0.1' ;;",
      'esac',
    ].join('\n'),
  );
  chmodSync(program, 0o755);
});
afterAll(() => rmSync(folder, { recursive: true }));

const found = (host: string) =>
  engineAddress({ HOME: folder, PATH: `${folder}:/usr/bin:/bin`, DOCKER_HOST: host });

describe('the address of the Engine’s machine', () => {
  test('is what an alias of ~/.ssh/config stands for', async () => {
    expect(await found('ssh://farm')).toEqual({ machine: 'farm', address: '192.0.2.9' });
  });

  test('is that of an Engine over TCP', async () => {
    expect(await found('tcp://192.0.2.7:2376')).toEqual({ machine: '192.0.2.7', address: '192.0.2.7' });
  });

  test.each(['ssh://behind', 'ssh://tunnel'])(
    'is not known of %s, whose address only a proxy uses',
    async (host) => {
      expect(await found(host)).toMatchObject({ address: undefined });
    },
  );

  test.each(['unix:///var/run/docker.sock', 'tcp://127.0.0.1:2375', 'ssh://self'])(
    'is no other than that of this machine for %s',
    async (host) => {
      expect(await found(host)).toBeUndefined();
    },
  );
});

import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readOwners } from './tar-owners.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'arc-tar-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function archive(): Buffer {
  mkdirSync(join(folder, 'data', 'sub'), { recursive: true, mode: 0o755 });
  writeFileSync(join(folder, 'data', 'a'), 'x'.repeat(1000));
  writeFileSync(join(folder, 'data', 'sub', 'n'.repeat(150)), '');
  writeFileSync(join(folder, 'data', 'z'), '');
  const owner = ['--owner=4711', '--group=4712', '--numeric-owner', '--sort=name', '--mode=0640'];
  return execFileSync('tar', ['-C', folder, ...owner, '-cf', '-', 'data']);
}

/** In pieces that end nowhere near a header. */
function inPieces(bytes: Buffer): Readable {
  const pieces = Array.from({ length: Math.ceil(bytes.length / 700) }, (_, at) =>
    bytes.subarray(at * 700, (at + 1) * 700),
  );
  return Readable.from(pieces);
}

describe('the owners at the beginning of an archive', () => {
  test('are read over contents and long names', async () => {
    const owners = await readOwners({ stream: inPieces(archive()), entries: 10, bytes: 1_000_000 });
    expect(owners.map(({ path }) => path.slice(0, 20))).toEqual([
      'data/',
      'data/a',
      'data/sub/',
      'data/sub/nnnnnnnnnnn',
      'data/z',
    ]);
    for (const owner of owners) expect(owner).toMatchObject({ uid: 4711, gid: 4712, mode: 0o640 });
  });

  test('are no more than were asked for', async () => {
    expect(await readOwners({ stream: inPieces(archive()), entries: 2, bytes: 1_000_000 })).toHaveLength(2);
    const few = await readOwners({ stream: inPieces(archive()), entries: 10, bytes: 700 });
    expect(few.map(({ path }) => path)).toEqual(['data/']);
  });
});

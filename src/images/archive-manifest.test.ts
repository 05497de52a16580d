import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pack } from 'tar-stream';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type ArchiveManifest, manifestEntry, readArchiveManifest } from './archive-manifest.ts';
import { readAll } from './tar-entry.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'arc-archive-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

/** What an Engine's own archive begins with. */
async function engineArchive(): Promise<Buffer> {
  const archive = pack();
  archive.entry({ name: 'manifest.json' }, '[]');
  archive.finalize();
  return await readAll(archive as AsyncIterable<Uint8Array>);
}

it('is read back from the beginning of the archive', async () => {
  const manifest: ArchiveManifest = {
    version: 1,
    architecture: 'amd64',
    images: [{ roles: ['cache'], reference: 'ghcr.io/x/cache:latest', id: 'sha256:1' }],
  };
  const file = join(folder, 'a.tar');
  writeFileSync(file, Buffer.concat([await manifestEntry(manifest), await engineArchive()]));
  expect(await readArchiveManifest(file)).toEqual(manifest);
});

it("is absent from an Engine's own archive", async () => {
  const file = join(folder, 'b.tar');
  writeFileSync(file, await engineArchive());
  expect(await readArchiveManifest(file)).toBeUndefined();
});

it('is not looked for in what is no archive', async () => {
  const file = join(folder, 'c.tar');
  writeFileSync(file, Buffer.alloc(2048, 'x'));
  await expect(readArchiveManifest(file)).rejects.toThrow();
  await expect(readArchiveManifest(join(folder, 'absent.tar'))).rejects.toThrow('ENOENT');
});

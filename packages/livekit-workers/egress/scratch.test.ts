import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { notesIn, scratchFolder } from './scratch.ts';

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'arc-scratch-'));
});
afterEach(() => rm(root, { recursive: true, force: true }));

describe('the folder of a recording', () => {
  it('has a note that another start of the worker finds, and that others may not read', async () => {
    const folder = await scratchFolder(root, 'EG_1');
    await folder.keep({ egressId: 'EG_1', info: {} });
    await folder.keep({ egressId: 'EG_1', info: {}, file: { key: 'a.mp4', container: 'mp4' } });
    expect(await notesIn(root)).toEqual([
      { egressId: 'EG_1', info: {}, file: { key: 'a.mp4', container: 'mp4' } },
    ]);
    expect((await stat(join(root, 'EG_1', 'job.json'))).mode & 0o777).toBe(0o600);
  });

  it('has the last note of those that are written at once', async () => {
    const folder = await scratchFolder(root, 'EG_1');
    await Promise.all([1, 2, 3].map((info) => folder.keep({ egressId: 'EG_1', info })));
    expect(await notesIn(root)).toEqual([{ egressId: 'EG_1', info: 3 }]);
  });

  it('is nothing any more when it is removed', async () => {
    const folder = await scratchFolder(root, 'EG_1');
    await folder.keep({ egressId: 'EG_1', info: {} });
    await folder.remove();
    expect(existsSync(join(root, 'EG_1'))).toBe(false);
    expect(await notesIn(root)).toEqual([]);
  });

  it('does not stop others from being found where its note is broken', async () => {
    await mkdir(join(root, 'EG_1'));
    await writeFile(join(root, 'EG_1', 'job.json'), '{');
    const folder = await scratchFolder(root, 'EG_2');
    await folder.keep({ egressId: 'EG_2', info: {} });
    expect((await notesIn(root)).map(({ egressId }) => egressId)).toEqual(['EG_2']);
  });

  it('may be the first one', async () => {
    expect(await notesIn(join(root, 'not-there'))).toEqual([]);
  });
});

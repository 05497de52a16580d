import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Embed } from '../understand.ts';
import { docsSearch } from './search.ts';

let folder: string;
let asked: number;
let away: boolean;
let logged: Readonly<Record<string, unknown>>[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'arc-brain-docs-'));
  [asked, away, logged] = [0, false, []];
  writeFileSync(join(folder, 'backups.md'), '# Backups\n\nRun backup to keep the data.\n');
  writeFileSync(
    join(folder, 'rooms.md'),
    '# Rooms\n\nA room opens when somebody joins it. Nobody can close a room by hand.\n',
  );
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

const topics = ['backup', 'room', 'joins', 'close'];
/** Alike are texts about the same topics. */
const embed: Embed = async (texts) => {
  asked += texts.length;
  if (away) throw new Error('away');
  return texts.map((text) => {
    const counts = topics.map((topic) => (text.toLowerCase().includes(topic) ? 1 : 0));
    const length = Math.hypot(0.1, ...counts);
    return Float32Array.from([...counts, 0.1], (value) => value / length);
  });
};
const open = (given: { embed?: Embed; folder?: string } = {}) =>
  docsSearch({
    ...{ pages: folder, folder: join(folder, 'vectors'), embed, pause: async () => undefined },
    log: (fields) => void logged.push(fields),
    ...given,
  });
const search = async (docs: ReturnType<typeof open>, question: string) =>
  await docs.search(question, AbortSignal.timeout(1000));

it('finds the page, and the sentence of it that is most like the question', async () => {
  const docs = open();
  await docs.prepare();
  expect(await search(docs, 'how do i close a room')).toMatchObject({
    kind: 'found',
    page: 'Rooms',
    sentence: 'Nobody can close a room by hand.',
  });
  expect(await search(docs, 'how do i make a backup')).toMatchObject({ page: 'Backups' });
});

it('finds nothing about what no page is about', async () => {
  const docs = open();
  await docs.prepare();
  const nothing: Embed = async (texts) => texts.map(() => Float32Array.of(0, 0, 0, 0, 0));
  const other = open({ embed: nothing });
  await other.prepare();
  expect(await search(other, 'how do i cook rice')).toEqual({ kind: 'nothing' });
});

it('says that it reads until the vectors are there, and begins where nobody has', async () => {
  const docs = open();
  expect(await search(docs, 'how do i close a room')).toEqual({ kind: 'reading' });
  await docs.prepare();
  expect(await search(docs, 'how do i close a room')).toMatchObject({ kind: 'found' });
});

it('asks for the vectors of the same pages once, whatever starts again, and for those of other pages in their place', async () => {
  await open().prepare();
  const first = asked;
  await open().prepare();
  // The probe that tells one embedder from another.
  expect(asked - first).toBe(1);
  writeFileSync(join(folder, 'rooms.md'), '# Rooms\n\nA room is something else now.\n');
  await open().prepare();
  expect(asked - first).toBe(4);
  expect(readdirSync(join(folder, 'vectors'))).toHaveLength(1);
});

it('tries again after the embedder was away', async () => {
  const docs = open();
  away = true;
  await expect(docs.prepare()).rejects.toThrow('away');
  await expect(search(docs, 'room')).rejects.toThrow('away');
  away = false;
  await docs.prepare();
  expect(await search(docs, 'room')).toMatchObject({ kind: 'found' });
});

describe('a disk that keeps no vectors', () => {
  it.each([
    ['whose folder cannot be made', () => writeFileSync(join(folder, 'vectors'), '')],
    [
      'whose file can be neither read nor written',
      async () => {
        await open().prepare();
        for (const name of readdirSync(join(folder, 'vectors'))) {
          rmSync(join(folder, 'vectors', name));
          mkdirSync(join(folder, 'vectors', name));
        }
      },
    ],
  ])('%s, makes the next start ask for them again, and this one answers', async (_, spoil) => {
    await spoil();
    const docs = open();
    await docs.prepare();
    const once = asked;
    await docs.prepare();
    expect(asked).toBe(once);
    expect(await search(docs, 'how do i close a room')).toMatchObject({ kind: 'found' });
    expect(logged).toContainEqual(
      expect.objectContaining({ level: 'warning', message: 'the vectors of the pages are not kept' }),
    );
    expect(readdirSync(folder, { recursive: true }).filter((name) => String(name).endsWith('.new'))).toEqual(
      [],
    );
  });
});

import { expect, it } from 'vitest';
import { lasting } from '../../core/socket-address.ts';
import type { Server } from '../../providers/provider.ts';
import type { Recording } from '../../providers/recordings.ts';
import { removeRecordings } from './forget-recordings.ts';

const recording: Recording = {
  id: 'EG_1',
  room: 'demo',
  of: 'ada',
  isRunning: false,
  files: [],
  lists: [{ key: 'a/list', keysIn: (text) => text.split(' ') }],
  resembles: (key) => key.startsWith('a/seg'),
};

const server: Server = {
  role: 'storage',
  name: 'arc-storage',
  probes: [{ at: { role: 'storage', port: 's3' }, fields: {}, needs: [] }],
};

/** A storage of these objects, which removes them in the order of their keys. */
function storageOf(objects: Map<string, string>, refuses?: string) {
  return {
    server,
    objects: {
      read: async ({ keys }: { keys: readonly string[] }) =>
        new Map(
          keys.flatMap((key) => {
            const text = objects.get(key);
            return text === undefined ? [] : [[key, [text]] as const];
          }),
        ),
      remove: async ({ judge }: { judge: (key: string) => 'remove' | 'name' | 'keep' }) => {
        const keys = [...objects.keys()].sort();
        const removed = keys.filter((key) => judge(key) === 'remove');
        for (const key of removed) {
          if (key === refuses) throw new Error(`the storage did not remove ${key}`);
          objects.delete(key);
        }
        return { removed, named: keys.filter((key) => judge(key) === 'name') };
      },
    },
  };
}

const objectsOfAda = () =>
  new Map([
    ['a/list', 'a/seg_1 a/seg_2'],
    ['a/seg_1', ''],
    ['a/seg_2', ''],
    ['a/seg_3', ''],
    ['b/seg_1', ''],
  ]);

const forgetAda = (storages: readonly ReturnType<typeof storageOf>[]) =>
  removeRecordings({
    user: 'ada',
    rooms: ['demo'],
    known: [recording],
    storages,
    asked: {
      reach: async () => lasting({ host: '127.0.0.1', port: 1 }),
      signal: new AbortController().signal,
    },
  });

it('removes what a playlist names, then the playlist, and names once what is only like it', async () => {
  const objects = objectsOfAda();
  expect(await forgetAda([storageOf(objects)])).toEqual({
    removed: ['a/seg_1', 'a/seg_2', 'a/list'],
    kept: ['a/seg_3'],
  });
  expect([...objects.keys()]).toEqual(['a/seg_3', 'b/seg_1']);
});

it('keeps the playlist where a segment is not removed, so that the same again removes the rest', async () => {
  const objects = objectsOfAda();
  await expect(forgetAda([storageOf(objects, 'a/seg_2')])).rejects.toThrow('did not remove a/seg_2');
  expect(objects.has('a/list')).toBe(true);
  expect((await forgetAda([storageOf(objects)])).removed).toEqual(['a/seg_2', 'a/list']);
});

it('finds the segments of a playlist in whichever storage they are', async () => {
  const lists = new Map([['a/list', 'a/seg_1']]);
  const segments = new Map([['a/seg_1', '']]);
  await forgetAda([storageOf(lists), storageOf(segments)]);
  expect([lists.size, segments.size]).toEqual([0, 0]);
});

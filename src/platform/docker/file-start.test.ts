import { Readable } from 'node:stream';
import { type Header, pack } from 'tar-stream';
import { describe, expect, test } from 'vitest';
import { findStart, searchPath } from './file-start.ts';

type Entry = { name: string; content?: string; type?: Header['type'] };

async function archive(...entries: readonly Entry[]): Promise<Readable> {
  const packed = pack();
  for (const { name, content = '', type = 'file' } of entries)
    packed.entry({ name, type, ...(type === 'symlink' ? { linkname: 'x' } : {}) }, content);
  packed.finalize();
  const chunks: Buffer[] = [];
  for await (const chunk of packed as AsyncIterable<Buffer>) chunks.push(chunk);
  const bytes = Buffer.concat(chunks);
  // In pieces that end nowhere near a header.
  const count = Math.ceil(bytes.length / 700);
  return Readable.from(Array.from({ length: count }, (_, at) => bytes.subarray(at * 700, (at + 1) * 700)));
}

async function start(path: string, ...entries: readonly Entry[]) {
  const { isIt } = searchPath(path);
  const found = await findStart({ stream: await archive(...entries), isIt, length: 9 });
  return found && `${found.name}: ${found.bytes}`;
}

describe('the beginning of a file', () => {
  test('of one name is that of what the Engine sends for it', async () => {
    expect(searchPath('/data/dump.rdb').ask).toBe('/data/dump.rdb');
    expect(await start('/data/dump.rdb', { name: 'dump.rdb', content: 'REDIS0012 and more' })).toBe(
      'dump.rdb: REDIS0012',
    );
    expect(await start('/data/PG_VERSION', { name: 'PG_VERSION', content: '15\n' })).toBe('PG_VERSION: 15\n');
  });

  test('of a name with * is that of the first that fits in the folder, over contents and deeper folders', async () => {
    const path = '/data/appendonlydir/*.base.rdb';
    expect(searchPath(path).ask).toBe('/data/appendonlydir');
    const before: readonly Entry[] = [
      { name: 'appendonlydir/', type: 'directory' },
      { name: 'appendonlydir/a.rdb', content: 'x'.repeat(5_000) },
      { name: 'appendonlydir/sub/', type: 'directory' },
      { name: 'appendonlydir/sub/b.base.rdb', content: 'REDIS0001' },
      { name: 'appendonlydir/cXbase.rdb', content: 'REDIS0002' },
    ];
    const found: Entry = { name: 'appendonlydir/appendonly.aof.1.base.rdb', content: 'REDIS0010' };
    expect(await start(path, ...before, found)).toBe(`${found.name}: REDIS0010`);
    expect(await start(path, ...before)).toBeUndefined();
  });

  test('is refused of what is not a file', async () => {
    await expect(start('/data/dump.rdb', { name: 'dump.rdb/', type: 'directory' })).rejects.toThrow(
      'dump.rdb/ is not a file but a directory',
    );
    await expect(start('/data/dump.rdb', { name: 'dump.rdb', type: 'symlink' })).rejects.toThrow('symlink');
  });
});

import { readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { received } from '../events/received.fixture.ts';
import { type TestDisk, testDisk } from './disk.fixture.ts';
import { openSpool } from './spool.ts';

const limit = 64 * 1024 * 1024;

/** As a process opens it that starts now, while nothing of the last one has been closed. */
async function opened(disk: TestDisk, options: { limit?: number } = {}) {
  const found = await openSpool({ files: disk.files, limit: options.limit ?? limit });
  return { ...found, [Symbol.asyncDispose]: () => found.spool.close() };
}

/** Ids of what a process finds that starts now. */
async function left(disk: TestDisk): Promise<readonly string[]> {
  await using process = await opened(disk);
  const { spool, waiting } = process;
  const found = await Promise.all(waiting.map((kept) => spool.read(kept)));
  return found.flatMap((one) => one?.id ?? []);
}

describe('the spool', () => {
  it('has what it kept after the process is gone, in the order in which it came', async () => {
    using disk = testDisk();
    await using process = await opened(disk);
    const { spool } = process;
    await Promise.all(['a', 'b', 'c', 'd'].map((id) => spool.append(received({ id }))));
    expect(await left(disk)).toEqual(['a', 'b', 'c', 'd']);
  });

  it('does not deliver again what was delivered', async () => {
    using disk = testDisk();
    await using process = await opened(disk);
    const { spool } = process;
    const [first, , third] = await Promise.all(
      ['a', 'b', 'c', 'd'].map((id) => spool.append(received({ id }))),
    );
    if (first === undefined || third === undefined) throw new Error('not kept');
    await spool.delivered(third);
    await spool.delivered(first);
    expect(await left(disk)).toEqual(['b', 'd']);
  });

  it('leaves no file once all is delivered and another process has looked', async () => {
    using disk = testDisk();
    await using process = await opened(disk);
    const { spool } = process;
    await spool.delivered(await spool.append(received()));
    await using _next = await opened(disk);
    expect(readdirSync(disk.folder)).toEqual([]);
  });

  it('leaves out a record that was being written when the process was killed', async () => {
    using disk = testDisk();
    await using process = await opened(disk);
    const { spool } = process;
    await spool.append(received({ id: 'a' }));
    const { offset } = await spool.append(received({ id: 'b' }));
    truncateSync(join(disk.folder, '00000001.log'), offset + 20);
    await using again = await opened(disk);
    expect(again.waiting).toHaveLength(1);
    expect(again.damaged).toBe(0);
  });

  it('counts a record that the disk has changed, and delivers the others', async () => {
    using disk = testDisk();
    await using process = await opened(disk);
    const { spool } = process;
    for (const id of ['a', 'b', 'c']) await spool.append(received({ id }));
    const file = join(disk.folder, '00000001.log');
    writeFileSync(file, readFileSync(file, 'utf8').replace('"id":"b"', '"id":"X"'));
    await using next = await opened(disk);
    expect(next.damaged).toBe(1);
    expect(await left(disk)).toEqual(['a', 'c']);
  });

  it('takes half a note of a delivery for none', async () => {
    using disk = testDisk();
    await using process = await opened(disk);
    const { spool } = process;
    const first = await spool.append(received({ id: 'a' }));
    await spool.append(received({ id: 'b' }));
    await spool.delivered(first);
    const notes = join(disk.folder, '00000001.done');
    truncateSync(notes, readFileSync(notes).length - 4);
    expect(await left(disk)).toEqual(['a', 'b']);
  });

  it('counts what is noted after half a note of an earlier process', async () => {
    using disk = testDisk();
    await using first = await opened(disk);
    const kept = await first.spool.append(received({ id: 'a' }));
    for (const id of ['b', 'c']) await first.spool.append(received({ id }));
    await first.spool.delivered(kept);
    const notes = join(disk.folder, '00000001.done');
    truncateSync(notes, readFileSync(notes).length - 4);
    await using second = await opened(disk);
    const [again] = second.waiting;
    if (again === undefined) throw new Error('nothing waits');
    await second.spool.delivered(again);
    expect(await left(disk)).toEqual(['b', 'c']);
  });

  it('writes into no file of an earlier process', async () => {
    using disk = testDisk();
    await using first = await opened(disk);
    await first.spool.append(received({ id: 'a' }));
    await using second = await opened(disk);
    await second.spool.append(received({ id: 'b' }));
    expect(readdirSync(disk.folder)).toEqual(['00000001.log', '00000002.log']);
    expect(await left(disk)).toEqual(['a', 'b']);
  });
});

describe('a disk without room', () => {
  it('refuses an event, keeps all that it has, and takes events again as soon as there is room', async () => {
    using disk = testDisk();
    await using process = await opened(disk);
    const { spool } = process;
    await spool.append(received({ id: 'a' }));
    disk.room(30);
    await expect(spool.append(received({ id: 'b' }))).rejects.toMatchObject({
      reason: 'full',
      message: 'the disk is full',
    });
    disk.room(Number.POSITIVE_INFINITY);
    await spool.append(received({ id: 'c' }));
    expect(await left(disk)).toEqual(['a', 'c']);
  });

  it('refuses an event that it does not confirm, and trusts the file no longer', async () => {
    using disk = testDisk();
    await using process = await opened(disk);
    const { spool } = process;
    await spool.append(received({ id: 'a' }));
    disk.keeps(false);
    await expect(spool.append(received({ id: 'b' }))).rejects.toMatchObject({ reason: 'failed' });
    disk.keeps(true);
    const { segment } = await spool.append(received({ id: 'c' }));
    expect(segment).toBe(2);
    expect(await left(disk)).toEqual(['a', 'c']);
  });

  it('still delivers, though it cannot note it', async () => {
    using disk = testDisk();
    await using process = await opened(disk);
    const { spool } = process;
    const kept = await spool.append(received({ id: 'a' }));
    disk.room(0);
    await expect(spool.delivered(kept)).rejects.toMatchObject({ code: 'ENOSPC' });
    expect(spool.size().events).toBe(0);
  });
});

describe('deliveries that cannot be noted', () => {
  /** Two events of one file. */
  const two = async (disk: TestDisk) => {
    const process = await opened(disk);
    const first = await process.spool.append(received({ id: 'a' }));
    return { ...process, first, second: await process.spool.append(received({ id: 'b' })) };
  };

  it('do not shift the notes of the next ones', async () => {
    using disk = testDisk();
    await using process = await two(disk);
    const { spool, first, second } = process;
    disk.room(5);
    await expect(spool.delivered(first)).rejects.toMatchObject({ code: 'ENOSPC' });
    disk.room(Number.POSITIVE_INFINITY);
    await spool.delivered(second);
    expect(await left(disk)).toEqual(['a']);
  });

  it('are no reason to note none later', async () => {
    using disk = testDisk();
    await using process = await two(disk);
    const { spool, first, second } = process;
    disk.opens(false);
    await expect(spool.delivered(first)).rejects.toMatchObject({ code: 'EMFILE' });
    disk.opens(true);
    await spool.delivered(second);
    expect(await left(disk)).toEqual(['a']);
  });

  it('leave no file behind once all is delivered', async () => {
    using disk = testDisk();
    const { spool, first, second } = await two(disk);
    disk.opens(false);
    for (const kept of [first, second])
      await expect(spool.delivered(kept)).rejects.toMatchObject({ code: 'EMFILE' });
    await spool.close();
    expect(readdirSync(disk.folder)).toEqual([]);
  });
});

describe('the bound', () => {
  it('refuses what goes beyond it', async () => {
    using disk = testDisk();
    await using process = await opened(disk, { limit: 1_000 });
    const { spool } = process;
    await spool.append(received({ body: 'x'.repeat(500) }));
    await expect(spool.append(received({ body: 'x'.repeat(500) }))).rejects.toMatchObject({ reason: 'full' });
  });

  it('is free again once a file is delivered', async () => {
    using disk = testDisk();
    const body = 'x'.repeat(400_000);
    await using process = await opened(disk, { limit: 6_000_000 });
    const { spool } = process;
    const kept = [];
    for (let index = 0; index < 13; index += 1) kept.push(await spool.append(received({ body })));
    await expect(
      Promise.all([spool.append(received({ body })), spool.append(received({ body }))]),
    ).rejects.toMatchObject({ reason: 'full' });
    for (const one of kept) await spool.delivered(one);
    await spool.append(received({ body }));
    expect(readdirSync(disk.folder)).not.toContain('00000001.log');
  });
});

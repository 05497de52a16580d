import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Files, filesIn, type Writer } from './files.ts';

/** A folder on this machine's disk that can be full, or fail to keep what it was given. */
export type TestDisk = {
  folder: string;
  files: Files;
  /** Bytes that still fit. */
  room: (bytes: number) => void;
  /** Whether the disk confirms what is written. */
  keeps: (does: boolean) => void;
  /** Whether a file can be opened to add to it. */
  opens: (does: boolean) => void;
  [Symbol.dispose]: () => void;
};

export function testDisk(): TestDisk {
  const folder = mkdtempSync(join(tmpdir(), 'arc-spool-'));
  const real = filesIn(folder);
  let left = Number.POSITIVE_INFINITY;
  let keeps = true;
  let opens = true;
  const limited = (writer: Writer): Writer => ({
    ...writer,
    write: async (bytes, position) => {
      const fits = Math.min(left, bytes.length);
      left -= fits;
      await writer.write(bytes.subarray(0, fits), position);
      if (fits < bytes.length) throw Object.assign(new Error('no space left on device'), { code: 'ENOSPC' });
    },
    sync: async () => {
      if (!keeps) throw Object.assign(new Error('i/o error'), { code: 'EIO' });
      await writer.sync();
    },
  });
  return {
    folder,
    files: {
      ...real,
      create: async (name) => limited(await real.create(name)),
      openToAdd: async (name) => {
        if (!opens) throw Object.assign(new Error('too many open files'), { code: 'EMFILE' });
        const { length, ...writer } = await real.openToAdd(name);
        return { ...limited(writer), length };
      },
    },
    room: (bytes) => {
      left = bytes;
    },
    keeps: (does) => {
      keeps = does;
    },
    opens: (does) => {
      opens = does;
    },
    [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }),
  };
}

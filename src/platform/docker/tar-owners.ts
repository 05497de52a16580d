import type { Readable } from 'node:stream';

/** Owner of a file or folder, as numbers. */
export type Ownership = { path: string; uid: number; gid: number; mode: number };

const blockSize = 512;

/**
 * The entries at the beginning of a tar stream, which is given up after that: a volume may hold gigabytes.
 * Headers as in POSIX.1-2017, pax, "ustar Interchange Format"; contents are passed over.
 *
 * @param options.entries at most so many
 * @param options.bytes and from at most so many bytes
 */
export async function readOwners(options: {
  stream: Readable;
  entries: number;
  bytes: number;
}): Promise<readonly Ownership[]> {
  const { stream, entries, bytes } = options;
  const found: Ownership[] = [];
  let pending = Buffer.alloc(0);
  let skip = 0;
  let read = 0;
  for await (const chunk of stream) {
    pending = Buffer.concat([pending, chunk as Buffer]);
    read += (chunk as Buffer).length;
    for (;;) {
      const passed = Math.min(skip, pending.length);
      pending = pending.subarray(passed);
      skip -= passed;
      if (skip > 0 || pending.length < blockSize) break;
      const header = pending.subarray(0, blockSize);
      pending = pending.subarray(blockSize);
      // Two blocks of zeros are the end.
      if (header.every((byte) => byte === 0)) return found;
      const entry = readHeader(header);
      skip = Math.ceil(entry.size / blockSize) * blockSize;
      if (!entry.extension) found.push(entry.owner);
      if (found.length >= entries) return found;
    }
    if (read >= bytes) return found;
  }
  return found;
}

function readHeader(header: Buffer): { owner: Ownership; size: number; extension: boolean } {
  const text = (from: number, length: number): string =>
    header.toString('latin1', from, from + length).replace(/\0.*$/s, '');
  const octal = (from: number, length: number): number =>
    Number.parseInt(text(from, length).trim() || '0', 8);
  // Extended headers (x, g) and long names (L, K) belong to the entry after them.
  const extension = ['x', 'g', 'L', 'K'].includes(text(156, 1));
  return {
    owner: { path: text(0, 100), uid: octal(108, 8), gid: octal(116, 8), mode: octal(100, 8) & 0o777 },
    size: octal(124, 12),
    extension,
  };
}

import { type FileHandle, open, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';

/** A file that grows, as far as the spool needs one. */
export type Writer = {
  /** Writes all of it at the position. @throws NodeJS.ErrnoException, such as `ENOSPC` */
  write: (bytes: Buffer, position: number) => Promise<void>;
  /** Returns once what was written is on the disk. */
  sync: () => Promise<void>;
  truncate: (length: number) => Promise<void>;
  close: () => Promise<void>;
};

/** The disk, as far as the spool needs one; a test's disk is full when it wants to be. */
export type Files = {
  list: () => Promise<readonly string[]>;
  read: (name: string) => Promise<Buffer>;
  readAt: (name: string, offset: number, length: number) => Promise<Buffer>;
  /** Creates a file, and returns once its name is on the disk as well. */
  create: (name: string) => Promise<Writer>;
  /** Opens a file that may be there, to add to it. */
  openToAdd: (name: string) => Promise<Writer & { length: number }>;
  remove: (name: string) => Promise<void>;
};

export function filesIn(folder: string): Files {
  const path = (name: string): string => join(folder, name);
  return {
    list: () => readdir(folder),
    read: (name) => readFile(path(name)),
    readAt: async (name, offset, length) => {
      await using handle = await open(path(name), 'r');
      const { bytesRead, buffer } = await handle.read(Buffer.alloc(length), 0, length, offset);
      return buffer.subarray(0, bytesRead);
    },
    create: async (name) => {
      const handle = await open(path(name), 'wx', 0o600);
      await syncFolder(folder);
      return writerOf(handle);
    },
    openToAdd: async (name) => {
      // Without `a`: what is added goes where the spool says.
      const handle = await open(path(name), 'r+').catch((cause: NodeJS.ErrnoException) => {
        if (cause.code !== 'ENOENT') throw cause;
        return open(path(name), 'wx+', 0o600);
      });
      return { ...writerOf(handle), length: (await handle.stat()).size };
    },
    remove: (name) => rm(path(name), { force: true }),
  };
}

function writerOf(handle: FileHandle): Writer {
  return {
    write: async (bytes, position) => {
      let written = 0;
      while (written < bytes.length) {
        const { bytesWritten } = await handle.write(
          bytes,
          written,
          bytes.length - written,
          position + written,
        );
        written += bytesWritten;
      }
    },
    sync: () => handle.datasync(),
    truncate: (length) => handle.truncate(length),
    close: () => handle.close(),
  };
}

async function syncFolder(folder: string): Promise<void> {
  await using handle = await open(folder, 'r');
  await handle.sync();
}

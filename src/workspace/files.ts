import {
  chmodSync,
  chownSync,
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join, normalize } from 'node:path';
import { failed, invalid } from '../core/errors.ts';

// Synchronous, as reading the workspace is (read.ts): thousands of small files take a third of the time.

/** arc's own files in a workspace. Git ignores them, whatever the workspace's own .gitignore says. */
export const arcFolder = '.arc';

/**
 * The absolute path of a file of the workspace.
 * @throws ArcError `path-outside`: manifests cannot name a file elsewhere
 */
export function inside(root: string, path: string): string {
  const normal = normalize(path);
  if (normal.startsWith('..') || normal.startsWith('/')) {
    throw invalid({ code: 'path-outside', message: `${path} is not a path within the workspace.` });
  }
  return join(root, normal);
}

/** A file's text; undefined if there is no file. Throws ArcError `cannot-read` for anything else. */
export function readIfThere(path: string): string | undefined {
  return readBytesIfThere(path)?.toString();
}

/** A file's content; undefined if there is no file. Throws ArcError `cannot-read` for anything else. */
export function readBytesIfThere(path: string): Buffer | undefined {
  try {
    return readFileSync(path);
  } catch (error) {
    if (isAbsent(error)) return undefined;
    throw failed({ code: 'cannot-read', message: `${path} could not be read: ${reason(error)}.` }, error);
  }
}

/**
 * Writes a file in one step: who reads it meanwhile gets the old text or the new one, whole.
 *
 * @param options.mode permission bits, whatever the umask
 * @param options.durable wait until it is on the disk, so that a machine that loses power has the old file or the new
 *   one; for what cannot be made again
 * @throws ArcError `cannot-write`
 */
export function replaceFile(options: { path: string; text: string; mode: number; durable?: boolean }): void {
  const { path, text, mode, durable = false } = options;
  // A server that watches its folder reads what has the ending that it knows.
  const temporary = join(dirname(path), `.${basename(path)}.arc-${process.pid}`);
  try {
    makeFolder(dirname(path));
    writeFileSync(temporary, text, { mode, flush: durable });
    chmodSync(temporary, mode);
    giveToOwner({ path: temporary, folder: dirname(path) });
    renameSync(temporary, path);
    if (durable) flushFolder(dirname(path));
  } catch (error) {
    removeIfPossible(temporary);
    throw failed({ code: 'cannot-write', message: `${path} could not be written: ${reason(error)}.` }, error);
  }
}

/** The cause that kept a file from being written may also keep it from being removed; arc reports the first. */
function removeIfPossible(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch {}
}

/** Puts a folder's names on the disk. */
function flushFolder(path: string): void {
  const folder = openSync(path, 'r');
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}

/**
 * Makes `.arc`, and keeps git and other users from it. Config files with secrets in it have to be readable to all,
 * for the programs in containers run as other users; what is mounted there is reached past this folder.
 */
export function prepareArcFolder(root: string): void {
  const folder = join(root, arcFolder);
  try {
    makeFolder(folder);
    if ((statSync(folder).mode & 0o077) !== 0) chmodSync(folder, 0o700);
  } catch (error) {
    throw failed(
      { code: 'cannot-write', message: `${folder} could not be made private: ${reason(error)}.` },
      error,
    );
  }
  const path = join(root, arcFolder, '.gitignore');
  if (readIfThere(path) === undefined) replaceFile({ path, text: '*\n', mode: 0o644 });
}

/** Makes a folder and those above it. */
export function makeFolder(path: string): void {
  const first = mkdirSync(path, { recursive: true });
  if (first === undefined) return;
  for (let made = path; made !== dirname(first); made = dirname(made))
    giveToOwner({ path: made, folder: dirname(first) });
}

/** With sudo, what arc writes belongs to whoever owns the folder: they could not read or replace it otherwise. */
function giveToOwner(options: { path: string; folder: string }): void {
  if (process.getuid?.() !== 0) return;
  const { uid, gid } = statSync(options.folder);
  if (uid !== 0) chownSync(options.path, uid, gid);
}

/** True for the error of a file or folder that is not there. */
export function isAbsent(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}

/** The operating system's words for an error. */
export function reason(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

import { chmodSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, normalize } from 'node:path';
import { failed, invalid } from '../errors.ts';

// Synchronous, as reading the workspace is (read.ts): thousands of small files take a third of the time.

/** What arc keeps for itself in a workspace. Git ignores it, whatever the workspace's own .gitignore says. */
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

/** A file's text; nothing where there is no file. Throws ArcError `cannot-read` for anything else. */
export function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (isAbsent(error)) return undefined;
    throw failed({ code: 'cannot-read', message: `${path} could not be read: ${reason(error)}.` }, error);
  }
}

/**
 * Writes a file in one step: who reads it meanwhile gets the old text or the new one, whole.
 *
 * @param options.mode permission bits, whatever the umask
 * @throws ArcError `cannot-write`
 */
export function replaceFile(options: { path: string; text: string; mode: number }): void {
  const { path, text, mode } = options;
  const temporary = join(dirname(path), `.arc-${process.pid}-${basename(path)}`);
  try {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(temporary, text, { mode });
    chmodSync(temporary, mode);
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw failed({ code: 'cannot-write', message: `${path} could not be written: ${reason(error)}.` }, error);
  }
}

/**
 * Makes `.arc`, and keeps git and other users from it. Config files with secrets in it have to be readable to all,
 * for the programs in containers run as other users; what is mounted there is reached past this folder.
 */
export function prepareArcFolder(root: string): void {
  const folder = join(root, arcFolder);
  try {
    mkdirSync(folder, { recursive: true });
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

/** True for the error of a file or folder that is not there. */
export function isAbsent(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}

/** The operating system's words for an error. */
export function reason(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

import { chmod, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join, normalize } from 'node:path';
import { failed, invalid } from '../errors.ts';

/** What arc keeps for itself in a workspace. Git ignores it, whatever the workspace's own .gitignore says. */
export const arcFolder = '.arc';

/** Enough to keep the disk busy, few enough for any limit on open files. */
const filesAtOnce = 32;

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
export async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
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
export async function replaceFile(options: { path: string; text: string; mode: number }): Promise<void> {
  const { path, text, mode } = options;
  const temporary = join(dirname(path), `.arc-${process.pid}-${basename(path)}`);
  try {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(temporary, text, { mode });
    await chmod(temporary, mode);
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined);
    throw failed({ code: 'cannot-write', message: `${path} could not be written: ${reason(error)}.` }, error);
  }
}

/** Makes `.arc`, and keeps git from it. */
export async function prepareArcFolder(root: string): Promise<void> {
  const path = join(root, arcFolder, '.gitignore');
  if ((await readIfThere(path)) === undefined) await replaceFile({ path, text: '*\n', mode: 0o644 });
}

/** Maps many files, some of them at once; results in the order of the items. */
export async function mapFiles<T, R>(
  items: readonly T[],
  map: (item: T) => Promise<R>,
): Promise<readonly R[]> {
  const results: R[] = [];
  let next = 0;
  const worker = async () => {
    for (let index = next++; index < items.length; index = next++) {
      const item = items[index];
      if (item !== undefined) results[index] = await map(item);
    }
  };
  await Promise.all(Array.from({ length: Math.min(filesAtOnce, items.length) }, worker));
  return results;
}

/** True for the error of a file or folder that is not there. */
export function isAbsent(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}

/** The operating system's words for an error. */
export function reason(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

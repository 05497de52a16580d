import { readdir } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { failed } from '../errors.ts';
import { isGenerated } from '../render/header.ts';
import { isAbsent, mapFiles, readIfThere, reason } from './files.ts';

/**
 * Files below some folders that arc generated and that are not among the current ones, in order of path.
 *
 * @param options.folders relative to the workspace; one that does not exist is empty
 * @param options.current paths relative to the workspace
 */
export async function findStale(options: {
  root: string;
  folders: readonly string[];
  current: ReadonlySet<string>;
}): Promise<readonly string[]> {
  const { root, folders, current } = options;
  const lists = await Promise.all(folders.map((folder) => filesBelow({ root, folder })));
  const others = lists.flat().filter((path) => !current.has(path));
  const generated = await mapFiles(others, async (path) =>
    isGenerated((await readIfThere(join(root, path))) ?? ''),
  );
  return others.filter((_, index) => generated[index]).toSorted();
}

async function filesBelow(options: { root: string; folder: string }): Promise<readonly string[]> {
  const { root, folder } = options;
  try {
    const entries = await readdir(join(root, folder), { recursive: true, withFileTypes: true });
    return entries
      .filter((entry) => entry.isFile())
      .map((entry) => relative(root, join(entry.parentPath, entry.name)));
  } catch (error) {
    if (isAbsent(error)) return [];
    throw failed({ code: 'cannot-read', message: `${folder} could not be read: ${reason(error)}.` }, error);
  }
}

import { readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import { failed } from '../errors.ts';
import { isGenerated } from '../render/header.ts';
import { isAbsent, readIfThere, reason } from './files.ts';

/**
 * Files below some folders that arc generated and that are not among the current ones, in order of path.
 *
 * @param options.folders relative to the workspace; one that does not exist is empty
 * @param options.current paths relative to the workspace
 */
export function findStale(options: {
  root: string;
  folders: readonly string[];
  current: ReadonlySet<string>;
}): readonly string[] {
  const { root, folders, current } = options;
  return folders
    .flatMap((folder) => filesBelow({ root, folder }))
    .filter((path) => !current.has(path) && isGenerated(readIfThere(join(root, path)) ?? ''))
    .toSorted();
}

function filesBelow(options: { root: string; folder: string }): readonly string[] {
  const { root, folder } = options;
  try {
    const entries = readdirSync(join(root, folder), { recursive: true, withFileTypes: true });
    return entries
      .filter((entry) => entry.isFile())
      .map((entry) => relative(root, join(entry.parentPath, entry.name)));
  } catch (error) {
    if (isAbsent(error)) return [];
    throw failed({ code: 'cannot-read', message: `${folder} could not be read: ${reason(error)}.` }, error);
  }
}

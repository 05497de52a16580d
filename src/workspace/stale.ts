import { readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import { failed } from '../errors.ts';
import { isGenerated } from '../render/header.ts';
import { isAbsent, readIfThere, reason } from './files.ts';

/** Contents of files by their path, relative to the workspace. */
export type KnownFiles = ReadonlyMap<string, string | Uint8Array>;

/**
 * Files below some folders that arc generated and that are not among the current ones, in order of path.
 *
 * @param options.folders relative to the workspace; one that does not exist is empty
 * @param options.current paths relative to the workspace
 * @param options.known what need not be read again
 */
export function findStale(options: {
  root: string;
  folders: readonly string[];
  current: ReadonlySet<string>;
  known: KnownFiles;
}): readonly string[] {
  const { root, folders, current, known } = options;
  return folders
    .flatMap((folder) => filesBelow({ root, folder }))
    .filter(
      (path) =>
        !current.has(path) && isGenerated(known.get(path)?.toString() ?? readIfThere(join(root, path)) ?? ''),
    )
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

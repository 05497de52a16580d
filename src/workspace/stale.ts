import { type Dirent, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { failed } from '../core/errors.ts';
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

/**
 * Reads folder by folder: Node's recursive listing takes three times as long, because it asks about each entry
 * separately.
 */
function filesBelow(options: { root: string; folder: string }): readonly string[] {
  const { root, folder } = options;
  let entries: Dirent[];
  try {
    entries = readdirSync(join(root, folder), { withFileTypes: true });
  } catch (error) {
    if (isAbsent(error)) return [];
    throw failed({ code: 'cannot-read', message: `${folder} could not be read: ${reason(error)}.` }, error);
  }
  return entries.flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    if (entry.isFile()) return [path];
    return entry.isDirectory() ? filesBelow({ root, folder: path }) : [];
  });
}

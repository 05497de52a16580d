import { posix } from 'node:path';
import type { Data } from '../../core/data.ts';
import { filesBelow } from '../files-below.ts';
import type { DocumentSchema } from '../schema/load.ts';

/** Patterns of files that something provisioned names, and the field that they are in. */
export type NamedFiles = { field: string; patterns: readonly string[] };

/** The value of the field that the schema of an entry's kind marks with `x-files`, if there is one. */
export function namedFiles(options: {
  document: DocumentSchema;
  fields: Readonly<Record<string, Data>>;
}): NamedFiles | undefined {
  const { document, fields } = options;
  const { properties } = document.shapes(document.schema);
  const field = Object.keys(properties).find((name) => {
    const property = properties[name];
    return property !== undefined && document.shapes(property).notes['x-files'] === true;
  });
  const value = field === undefined ? undefined : fields[field];
  if (field === undefined || value === undefined) return undefined;
  const listed: readonly Data[] = Array.isArray(value) ? value : [value as Data];
  return { field, patterns: listed.filter((pattern) => typeof pattern === 'string') };
}

/**
 * The files that a pattern means, in order of path.
 *
 * @param options.pattern a file of the service's folder, a folder below it, which stands for all that is in it, or a
 *   path with `*` for a part of a name and `**` for folders
 * @param options.folder of the service, relative to the workspace
 * @returns paths relative to the workspace
 */
export function filesOf(options: {
  pattern: string;
  folder: string;
  files: ReadonlyMap<string, unknown>;
}): readonly string[] {
  const { pattern, folder, files } = options;
  const wanted = posix.join(folder, pattern).replace(/\/$/, '');
  if (!wanted.startsWith(`${folder}/`)) return [];
  if (files.has(wanted)) return [wanted];
  const below = filesBelow(files, wanted);
  const found = below.length > 0 ? below : matching({ pattern, folder, files });
  return found.toSorted();
}

function matching(options: {
  pattern: string;
  folder: string;
  files: ReadonlyMap<string, unknown>;
}): readonly string[] {
  const { pattern, folder, files } = options;
  return filesBelow(files, folder).filter((path) =>
    posix.matchesGlob(path.slice(folder.length + 1), pattern),
  );
}

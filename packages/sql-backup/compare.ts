import type { Contents, DatabaseManifest } from './manifest.ts';

/**
 * Holds what was restored against what was backed up. Pure.
 *
 * @returns a sentence for each difference; none where it is the same
 */
export function differences(options: { wanted: DatabaseManifest; restored: Contents }): readonly string[] {
  const { wanted, restored } = options;
  const tables = new Set([...Object.keys(wanted.contents.tables), ...Object.keys(restored.tables)]);
  const inTables = [...tables].toSorted().flatMap((table) => {
    const before = wanted.contents.tables[table];
    const after = restored.tables[table];
    if (before === undefined) return [`${wanted.name}: table ${table} is not in the backup's manifest`];
    if (after === undefined) return [`${wanted.name}: table ${table} is missing`];
    if (before.rows !== after.rows)
      return [`${wanted.name}: table ${table} has ${after.rows} rows instead of ${before.rows}`];
    return before.hash === after.hash
      ? []
      : [`${wanted.name}: table ${table} has other contents in its ${before.rows} rows`];
  });
  // Another version of an extension is no difference: a dump does not fix it, so that a server can be updated.
  const inExtensions = Object.keys(wanted.contents.extensions)
    .filter((name) => restored.extensions[name] === undefined)
    .map((name) => `${wanted.name}: extension ${name} is missing`);
  return [...inTables, ...inExtensions];
}

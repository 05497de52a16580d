import { writeFile } from 'node:fs/promises';
import { join, posix } from 'node:path';
import { type ArcError, invalid } from '../../core/errors.ts';
import { loadWorkspace } from '../../workspace/load.ts';
import type { Context } from '../context.ts';
import { allSqlTools, noMigrations, onlyOne } from './databases.ts';

/**
 * Writes the next migration of a database: without a statement, which arc refuses to apply until it has one, or with
 * those that give vectors another size.
 *
 * @returns its path in the workspace
 * @throws ArcError `bad-name` where the title cannot be part of a file's name
 */
export async function draftMigration(options: {
  context: Context;
  database?: string | undefined;
  title: string;
  /** How many numbers vectors are to have. */
  dimensions?: number | undefined;
}): Promise<string> {
  const { context, database, title, dimensions } = options;
  if (!/^[A-Za-z][A-Za-z0-9 _-]{0,60}$/.test(title))
    throw invalid({
      code: 'bad-title',
      message: `"${title}" cannot be part of a migration's file name.`,
      suggestion: 'use letters, digits, spaces, dashes and underscores: "add summaries"',
    });
  const { root, manifests } = await loadWorkspace({ cwd: context.cwd });
  const declared = allSqlTools.flatMap((tools) =>
    manifests.services
      .flatMap(({ provision }) => provision)
      .filter(({ kind }) => kind === tools.provision)
      .map(({ name, files }) => ({ name, files, tools })),
  );
  const [first, ...others] = declared.filter(({ name }) => database === undefined || name === database);
  if (first === undefined) throw noMigrations({ named: database, known: declared.map(({ name }) => name) });
  const { name: meant, files, tools } = onlyOne([first, ...others], ({ name }) => name);
  // Its schema and the rules for manifests see to it that there is one.
  const folder = posix.dirname(files.at(-1) ?? '');
  const names = files.map((file) => posix.basename(file));
  const columns = manifests.services
    .flatMap(({ provision }) => provision)
    .filter(({ kind, fields }) => kind === tools.vectors && fields.database === meant)
    .map((column) => column.name);
  if (dimensions !== undefined && columns.length === 0)
    throw noVectors({ database: meant, kind: tools.vectors });
  const resize = dimensions === undefined ? undefined : { columns, dimensions };
  const { name, text } = tools.draft({ names, title, resize });
  const path = posix.join(folder, name);
  // The files were read a moment ago: never over one that is new.
  await writeFile(join(root, path), text, { flag: 'wx' });
  return path;
}

function noVectors(options: { database: string; kind: string }): ArcError {
  const { database, kind } = options;
  return invalid({
    code: 'no-vectors',
    message: `No manifest declares a vector column of the database ${database}.`,
    suggestion: `declare one under \`provision\`, of the kind ${kind}`,
  });
}

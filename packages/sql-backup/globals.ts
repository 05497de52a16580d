import { createHash } from 'node:crypto';
import { text as textOf } from 'node:stream/consumers';
import type { Client } from 'pg';
import type { Config, Server } from './config.ts';
import { partKey } from './layout.ts';
import type { StoredPart } from './manifest.ts';
import { startProgram } from './programs.ts';
import type { Store } from './store.ts';

/** Roles and their memberships, without passwords: those are secrets of the workspace, which sets them again. */
export async function dumpGlobals(options: {
  config: Config;
  store: Store;
  backup: string;
  signal: AbortSignal;
}): Promise<StoredPart> {
  const { config, store, backup, signal } = options;
  const dump = startProgram({
    folder: config.programs,
    program: 'pg_dumpall',
    args: ['--globals-only', '--no-role-passwords', '--no-password', '--database=template1'],
    server: config.server,
    stdin: 'ignore',
    stdout: 'pipe',
    signal,
  });
  const { stdout } = dump.process;
  if (stdout === null) throw new Error('pg_dumpall has no output');
  const [content] = await Promise.all([textOf(stdout), dump.ended]);
  const key = partKey(backup, 'globals.sql');
  await store.putText(key, content);
  return { key, bytes: Buffer.byteLength(content), sha256: sha256(content) };
}

export function sha256(content: string): string {
  return createHash('sha256').update(content).digest('hex');
}

/**
 * Creates the roles that a server lacks. Roles that it has are left as they are.
 *
 * @param options.content of pg_dumpall
 */
export async function applyGlobals(options: {
  content: string;
  client: Client;
  server: Server;
  programs: string;
}): Promise<void> {
  const { content, client, server, programs } = options;
  const { rows } = await client.query<{ rolname: string }>('SELECT rolname FROM pg_roles');
  const script = withoutRoles({ content, existing: new Set(rows.map(({ rolname }) => rolname)) });
  const psql = startProgram({
    folder: programs,
    program: 'psql',
    args: ['--no-psqlrc', '--quiet', '--no-password', '--set=ON_ERROR_STOP=1', '--single-transaction'].concat(
      '--dbname=template1',
    ),
    server,
    stdin: 'pipe',
    stdout: 'ignore',
  });
  psql.process.stdin?.on('error', () => undefined).end(script);
  await psql.ended;
}

/** Pure. Leaves out what pg_dumpall says of roles that are there. */
export function withoutRoles(options: { content: string; existing: ReadonlySet<string> }): string {
  const { content, existing } = options;
  return content
    .split('\n')
    .filter((line) => {
      const [, quoted, plain] = /^(?:CREATE|ALTER) ROLE (?:"((?:[^"]|"")+)"|([^\s;"]+))/.exec(line) ?? [];
      const name = quoted?.replaceAll('""', '"') ?? plain;
      return name === undefined || !existing.has(name);
    })
    .join('\n');
}

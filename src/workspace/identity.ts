import { randomBytes } from 'node:crypto';
import { realpathSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { ArcError, invalid } from '../core/errors.ts';
import { type Home, type Owner, ownerKey } from '../stack/owner.ts';
import { arcFolder, prepareArcFolder, readIfThere, replaceFile } from './files.ts';
import { parseRecord } from './parse-record.ts';

/** Which workspace this is, relative to its root. Git ignores it: a clone is another workspace. */
export const identityFile = `${arcFolder}/workspace.json`;

type Identity = { id: string; folder: string; takenOver: readonly string[] };

/**
 * The identity of the workspace. It has no id until something was created from it, and none if it is a copy of another
 * existing folder, to which the id belongs.
 *
 * @param options.root absolute path of the workspace
 * @throws ArcError `bad-workspace-identity` (exit status 2), `cannot-read` (exit status 1)
 */
export function readHome(options: { root: string }): Home {
  const { root } = options;
  const folder = realFolder(root) ?? root;
  const identity = readIdentity(folder);
  const place = { folder, host: hostname() };
  if (identity === undefined || isCopy({ identity, folder })) return { ...place, takenOver: [] };
  return { ...place, id: identity.id, takenOver: identity.takenOver };
}

/**
 * Gives the workspace an id if it has none, and records whose data it uses from now on.
 *
 * @returns the workspace as it is known from now on; without an id where nothing can be written in it, so that its
 *   place is all that tells it from others
 */
export function claimHome(options: { root: string; home: Home; takeOver: readonly Owner[] }): Home {
  const { root, home, takeOver } = options;
  const takenOver = [...new Set([...home.takenOver, ...takeOver.map(ownerKey)])];
  const { id = randomBytes(8).toString('hex'), folder } = home;
  const identity: Identity = { id, folder, takenOver };
  const path = join(root, identityFile);
  const text = `${JSON.stringify(identity, undefined, 2)}\n`;
  if (readIfThere(path) === text) return home;
  try {
    prepareArcFolder(root);
    replaceFile({ path, text, mode: 0o644 });
  } catch (error) {
    if (error instanceof ArcError && isReadOnly(error.cause)) return home;
    throw error;
  }
  return { ...home, id, takenOver };
}

/** The path without symbolic links; undefined if there is no such folder. */
export function realFolder(folder: string): string | undefined {
  try {
    return realpathSync(folder);
  } catch {
    return undefined;
  }
}

function isCopy(options: { identity: Identity; folder: string }): boolean {
  const { identity, folder } = options;
  if (identity.folder === folder) return false;
  const original = realFolder(identity.folder);
  // Reached by another path now: a mount, or a link in place of the folder.
  if (original === undefined || original === folder) return false;
  try {
    return readIdentity(original)?.id === identity.id;
  } catch {
    // Another user's, or a file of another kind: whatever it is, it is there.
    return true;
  }
}

function readIdentity(root: string): Identity | undefined {
  const path = join(root, identityFile);
  const text = readIfThere(path);
  if (text === undefined) return undefined;
  const identity = parseIdentity(text);
  if (identity !== undefined) return identity;
  throw invalid({
    code: 'bad-workspace-identity',
    message: `${path} does not say which workspace this is.`,
    detail: ['arc writes it, and recognises by it what was created from this folder'],
    suggestion: `remove it; the workspace gets a new one with the next arc up`,
  });
}

function parseIdentity(text: string): Identity | undefined {
  const { id, folder, takenOver } = parseRecord(text) ?? {};
  if (typeof id !== 'string' || !/^[0-9a-f]{16}$/.test(id) || typeof folder !== 'string') return undefined;
  if (!Array.isArray(takenOver) || !takenOver.every((key) => typeof key === 'string')) return undefined;
  return { id, folder, takenOver };
}

function isReadOnly(cause: unknown): boolean {
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
  return code === 'EROFS' || code === 'EACCES' || code === 'EPERM';
}

import { lstatSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { prerequisite } from '../core/errors.ts';
import { writeObstacle } from './disk.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** The user's home folder; a folder that cannot be there for a user who has none, as in many containers. */
export function homeFolder(environment: Environment): string {
  if (environment.HOME) return environment.HOME;
  try {
    return homedir();
  } catch {
    // Neither HOME nor an entry in passwd.
    return '/nonexistent';
  }
}

/** Where arc keeps what it has built: `$XDG_CACHE_HOME/arc`, or `~/.cache/arc`. */
export function usualCacheDirectory(environment: Environment): string {
  return join(environment.XDG_CACHE_HOME || join(homeFolder(environment), '.cache'), 'arc');
}

/**
 * The same folder, or a temporary one if there is no writable home, as for a system user with the home `/nonexistent`.
 * A folder that a person chose has no substitute.
 *
 * @throws ArcError `no-cache-folder` if somebody else has made that folder
 */
export function findCacheDirectory(environment: Environment): string {
  const usual = usualCacheDirectory(environment);
  if (environment.XDG_CACHE_HOME || writeObstacle(usual) === undefined) return usual;
  const folder = join(tmpdir(), `arc-${process.getuid?.() ?? 'cache'}`);
  refuseForeign(folder);
  return folder;
}

/** Everybody may create folders there, and a folder of another user could contain forged bases. */
function refuseForeign(folder: string): void {
  const found = lstatSync(folder, { throwIfNoEntry: false });
  if (found === undefined) return;
  if (found.isDirectory() && found.uid === process.getuid?.() && (found.mode & 0o022) === 0) return;
  throw prerequisite({
    code: 'no-cache-folder',
    message: `${folder} belongs to somebody else, or others may write to it, so arc does not keep anything there.`,
    suggestion: 'set XDG_CACHE_HOME to a folder of your own',
  });
}

import { homedir } from 'node:os';
import { join } from 'node:path';

/** Where arc keeps what it has built: `$XDG_CACHE_HOME/arc`, or `~/.cache/arc`. */
export function defaultCacheDirectory(environment: Readonly<Record<string, string | undefined>>): string {
  const base = environment.XDG_CACHE_HOME || join(environment.HOME || homedir(), '.cache');
  return join(base, 'arc');
}

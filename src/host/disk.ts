import { accessSync, constants, existsSync, statfsSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * Bytes free for this user where `folder` is, or will be made. Nothing if that cannot be found out.
 */
export function freeDisk(folder: string): number | undefined {
  try {
    const { bavail, bsize } = statfsSync(nearestExisting(folder));
    return bavail * bsize;
  } catch {
    return undefined;
  }
}

/**
 * Why this user cannot write into `folder`, or make it where it does not exist yet; undefined if that is possible.
 */
export function writeObstacle(folder: string): 'read-only' | 'permission' | undefined {
  try {
    accessSync(nearestExisting(folder), constants.W_OK | constants.X_OK);
    return undefined;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EROFS' ? 'read-only' : 'permission';
  }
}

function nearestExisting(folder: string): string {
  let at = folder;
  while (!existsSync(at) && dirname(at) !== at) at = dirname(at);
  return at;
}

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ArcError, exitStatus, failed, type Problem } from '../../core/errors.ts';
import { emptyLock, type ImagesLock, lockFile } from './model.ts';
import { parseLock } from './parse.ts';

/** The lock of a workspace with everything that is wrong in it; empty if there is no file. */
export function openLock(options: { root: string }): { lock: ImagesLock; problems: readonly Problem[] } {
  const path = join(options.root, lockFile);
  try {
    return parseLock(readFileSync(path));
  } catch (error) {
    if (error instanceof ArcError) throw error;
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return { lock: emptyLock, problems: [] };
    throw failed({ code: 'cannot-read', message: `${path} could not be read: ${message}.` }, error);
  }
}

/**
 * The lock of a workspace; empty if there is no file.
 *
 * @param options.root absolute
 * @throws ArcError (exit status 2) with every problem of the file at once, (1) `cannot-read`
 */
export async function readLock(options: { root: string }): Promise<ImagesLock> {
  const { lock, problems } = openLock(options);
  const [first, ...rest] = problems;
  if (first !== undefined) throw new ArcError({ problem: [first, ...rest], status: exitStatus.invalid });
  return lock;
}

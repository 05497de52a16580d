import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ArcError, exitStatus, failed, type Problem } from '../../core/errors.ts';
import { emptyLock, type ImagesLock, lockFile } from './model.ts';

/** The lock of a workspace with everything that is wrong in it; empty if there is no file. */
export async function openLock(options: {
  root: string;
}): Promise<{ lock: ImagesLock; problems: readonly Problem[] }> {
  const bytes = readLockFile(join(options.root, lockFile));
  if (bytes === undefined) return { lock: emptyLock, problems: [] };
  // A workspace without a lock need not load what reads YAML.
  const { parseLock } = await import('./parse.ts');
  return parseLock(bytes);
}

function readLockFile(path: string): Buffer | undefined {
  try {
    return readFileSync(path);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return undefined;
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
  const { lock, problems } = await openLock(options);
  const [first, ...rest] = problems;
  if (first !== undefined) throw new ArcError({ problem: [first, ...rest], status: exitStatus.invalid });
  return lock;
}

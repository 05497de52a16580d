import { glob, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { failed } from '../../core/errors.ts';

/**
 * Removes what a base does not need of a program and its dependencies.
 *
 * @param options.patterns paths below the folder, with `*` and `**`
 * @throws ArcError `recipe-step-failed` where nothing is there for a pattern: it would be a mistake, or what it removed
 *   is called something else now
 */
export async function leaveOut(options: { patterns: readonly string[]; folder: string }): Promise<void> {
  const { patterns, folder } = options;
  for (const pattern of patterns) {
    const found: string[] = [];
    for await (const path of glob(pattern, { cwd: folder })) found.push(path);
    if (found.length === 0) {
      throw failed({
        code: 'recipe-step-failed',
        message: `There is nothing to leave out that is called ${pattern}.`,
        suggestion: 'correct or remove it under `leave_out`',
      });
    }
    for (const path of found) await rm(join(folder, path), { recursive: true, force: true });
  }
}

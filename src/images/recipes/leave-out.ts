import { glob, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { failed } from '../../core/errors.ts';

/**
 * Removes files of a program and its dependencies, or of unpacked archives, that the base does not need.
 *
 * @param options.patterns paths below the folder, with `*` and `**`
 * @throws ArcError `recipe-step-failed` if nothing matches a pattern: it is mistyped, or what it removed has another
 *   name now
 */
export async function leaveOut(options: { patterns: readonly string[]; folder: string }): Promise<void> {
  const { patterns, folder } = options;
  for (const pattern of patterns) {
    const found: string[] = [];
    for await (const path of glob(pattern, { cwd: folder })) found.push(path);
    if (found.length === 0) {
      throw failed({
        code: 'recipe-step-failed',
        message: `No file matches ${pattern}, which \`leave_out\` names.`,
        suggestion: 'correct the pattern, or remove it',
      });
    }
    for (const path of found) await rm(join(folder, path), { recursive: true, force: true });
  }
}

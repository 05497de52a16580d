import { constants } from 'node:fs';
import { chmod, copyFile, cp, lstat, mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { failed } from '../../core/errors.ts';
import { pathIn } from './kind.ts';

/**
 * Copies files and folders from an unpacked archive to their paths in a base.
 *
 * @param options.take by absolute path in the base: the path in the archive; `.` is all of it
 * @param options.as `programs` are made executable, since archives need not say that a file is a program
 * @param options.archive names what was unpacked, for messages: `wheel of tool 1.2.0 for amd64`
 * @throws ArcError `recipe-step-failed` if the archive has no such file or folder
 */
export async function takeFiles(options: {
  unpacked: string;
  root: string;
  take: Readonly<Record<string, string>>;
  as: 'programs' | 'files';
  archive: string;
}): Promise<void> {
  const { unpacked, root, take, as, archive } = options;
  for (const [target, source] of Object.entries(take)) {
    const from = pathIn(unpacked, source);
    const to = pathIn(root, target);
    const found = await lstat(from).catch((cause: NodeJS.ErrnoException) => {
      if (cause.code !== 'ENOENT' && cause.code !== 'ENOTDIR') throw cause;
      throw failed({ code: 'recipe-step-failed', message: `The ${archive} has no ${source}.` });
    });
    await mkdir(dirname(to), { recursive: true });
    if (as === 'programs') {
      if (!found.isFile()) {
        throw failed({ code: 'recipe-step-failed', message: `In the ${archive}, ${source} is not a file.` });
      }
      await copyFile(from, to, constants.COPYFILE_FICLONE);
      await chmod(to, 0o755);
    } else {
      // Links stay links, so that those within a folder lead to its copy.
      await cp(from, to, { recursive: true, verbatimSymlinks: true, mode: constants.COPYFILE_FICLONE });
    }
  }
}

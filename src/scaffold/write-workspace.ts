import { readdirSync } from 'node:fs';
import { appendFile, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { ArcError, failed, invalid } from '../core/errors.ts';
import { writeObstacle } from '../host/disk.ts';

/** What a folder that becomes a workspace may contain: version control, a package's files, documentation. */
const harmless = /^(\..*|node_modules|package(-lock)?\.json|(README|LICENSE|NOTICE|CHANGELOG)(\..*)?)$/i;

/**
 * Makes sure that a folder can become a workspace: it is absent or as good as empty, and can be written to.
 *
 * @throws ArcError (exit status 2) `workspace-exists`, `folder-not-empty`, `not-a-folder`, `read-only-folder`
 */
export function checkNewFolder(root: string): void {
  const entries = entriesOf(root);
  const ours = ['arc.yaml', 'services'].find((name) => entries.includes(name));
  if (ours !== undefined) {
    throw invalid({
      code: 'workspace-exists',
      message: `${root} is a workspace already: it has ${ours === 'services' ? 'a folder services' : ours}.`,
      suggestion: 'boot it with arc up, or name a new folder: arc init <folder>',
    });
  }
  const others = entries.filter((name) => !harmless.test(name));
  if (others.length > 0) {
    throw invalid({
      code: 'folder-not-empty',
      message: `${root} is not empty: it has ${others.slice(0, 3).join(', ')}${others.length > 3 ? ' and more' : ''}.`,
      suggestion: 'name a new folder: arc init <folder>',
    });
  }
  const obstacle = writeObstacle(root);
  if (obstacle) {
    throw invalid({
      code: 'read-only-folder',
      message:
        obstacle === 'read-only' ? `${root} is on a read-only file system.` : `You may not write to ${root}.`,
      suggestion: 'name a folder that you may write to: arc init <folder>',
    });
  }
}

/**
 * Writes a new workspace. Never overwrites anything, and leaves nothing behind where it does not succeed.
 *
 * @param options.lines by file, that it gets unless it has them: `.gitignore`
 * @throws ArcError (exit status 1) `write-failed`
 */
export async function writeWorkspace(options: {
  root: string;
  files: ReadonlyMap<string, string | Uint8Array>;
  lines: ReadonlyMap<string, readonly string[]>;
}): Promise<void> {
  const { root, files } = options;
  const made: string[] = [];
  try {
    for (const [path, content] of files) {
      const file = join(root, path);
      const firstMade = await mkdir(dirname(file), { recursive: true });
      if (firstMade !== undefined) made.push(firstMade);
      await writeFile(file, content, { flag: 'wx' });
      made.push(file);
    }
    for (const [path, lines] of options.lines) await addLines(join(root, path), lines);
  } catch (cause) {
    for (const path of made.toReversed()) await rm(path, { recursive: true, force: true });
    if (cause instanceof ArcError) throw cause;
    throw failed(
      {
        code: 'write-failed',
        message: `The workspace could not be written: ${cause instanceof Error ? cause.message : cause}.`,
        suggestion: 'arc left nothing behind; fix the cause, then run the same command again',
      },
      cause,
    );
  }
}

async function addLines(file: string, lines: readonly string[]): Promise<void> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '';
    throw error;
  });
  const missing = lines.filter((line) => !text.split(/\r?\n/).includes(line));
  if (missing.length === 0) return;
  const separator = text === '' || text.endsWith('\n') ? '' : '\n';
  await appendFile(file, `${separator}${missing.join('\n')}\n`);
}

function entriesOf(root: string): readonly string[] {
  try {
    return readdirSync(root);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return [];
    if (code === 'ENOTDIR') {
      throw invalid({
        code: 'not-a-folder',
        message: `${root} is a file, not a folder.`,
        suggestion: 'name a new folder: arc init <folder>',
      });
    }
    throw invalid({
      code: 'read-only-folder',
      message: `You may not look into ${root}.`,
      suggestion: 'name a folder that you may write to: arc init <folder>',
    });
  }
}

import type { Dirent } from 'node:fs';
import { open, readdir, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { ArcError, exitStatus, invalid, type Problem } from '../errors.ts';
import { profilesFile, workspaceFile } from '../manifest/parse.ts';
import { decodeFile, maximumFileSize } from '../manifest/yaml/decode.ts';

/** Folders and files that are read at once: more than the four threads that Node reads files with can use. */
const parallel = 32;

/** Beside service.yaml: templates, and config files in the formats that upstreams have. */
const wanted = /\.(liquid|ya?ml|json|toml|conf|cfg|ini|env|properties)$/;

/** Generated for Docker Compose; as large as all the rest of a service, and read by nobody here. */
const unwanted = new Set(['docker-compose.yml']);

/**
 * The nearest folder, from `cwd` upwards, that holds arc.yaml or services/profiles.yaml.
 *
 * @throws ArcError `no-workspace`
 */
export async function findWorkspace(options: { cwd: string }): Promise<string> {
  for (let folder = options.cwd; ; folder = dirname(folder)) {
    if ((await exists(join(folder, workspaceFile))) || (await exists(join(folder, profilesFile))))
      return folder;
    if (folder === dirname(folder)) break;
  }
  throw invalid({
    code: 'no-workspace',
    message: `Neither ${options.cwd} nor a folder above it holds ${workspaceFile} or ${profilesFile}.`,
    suggestion: 'go to the folder of your workspace, or make one here with `arc init`',
  });
}

/**
 * Everything that the workspace says: arc.yaml, services/profiles.yaml, and of each folder in services/ its
 * service.yaml, templates and config files. Text where a file is text in UTF-8, bytes where it is not; of a file
 * that is too large only as much as shows that it is.
 *
 * @param options.root absolute path
 * @returns content by path relative to the root, with `/`
 * @throws ArcError with every file and folder that could not be read
 */
export async function readWorkspace(options: {
  root: string;
}): Promise<ReadonlyMap<string, string | Uint8Array>> {
  const { root } = options;
  const problems: Problem[] = [];
  const attempt = async <T>(path: string, work: () => Promise<T>): Promise<T | undefined> => {
    try {
      return await work();
    } catch (error) {
      problems.push(unreadable(path, error));
      return undefined;
    }
  };

  const folders = ((await attempt('services', () => listIfThere(join(root, 'services')))) ?? [])
    .filter((entry) => entry.isDirectory() || entry.isSymbolicLink())
    .map((entry) => `services/${entry.name}`)
    .sort();
  const paths = [workspaceFile, profilesFile];
  await inParallel(folders, async (folder) => {
    const entries = await attempt(folder, () => listIfThere(join(root, folder)));
    const names = (entries ?? [])
      .map((entry) => entry.name)
      .filter((name) => wanted.test(name) && !unwanted.has(name));
    paths.push(...names.map((name) => `${folder}/${name}`));
  });
  const contents = new Map<string, string | Uint8Array>();
  await inParallel(paths, async (path) => {
    const content = await attempt(path, () => readIfThere(join(root, path)));
    if (content !== undefined) contents.set(path, content);
  });
  const [first, ...rest] = problems.toSorted((a, b) => (a.message < b.message ? -1 : 1));
  if (first !== undefined) throw new ArcError({ problem: [first, ...rest], status: exitStatus.invalid });
  return new Map([...contents].sort(([a], [b]) => (a < b ? -1 : 1)));
}

async function exists(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch {
    return false;
  }
}

async function listIfThere(path: string): Promise<readonly Dirent[]> {
  try {
    return await readdir(path, { withFileTypes: true });
  } catch (error) {
    // A link to a file is no service, and neither is a folder that has just been removed.
    if (errorCode(error) === 'ENOENT' || errorCode(error) === 'ENOTDIR') return [];
    throw error;
  }
}

async function readIfThere(path: string): Promise<string | Uint8Array | undefined> {
  const found = await statIfThere(path);
  if (found === undefined) return undefined;
  // Before it is opened: opening a named pipe waits for somebody to write to it.
  if (!found.isFile()) throw new NotAFile();
  const file = await open(path);
  try {
    const bytes =
      found.size > maximumFileSize
        ? (await file.read({ buffer: Buffer.alloc(maximumFileSize + 1) })).buffer
        : await file.readFile();
    const decoded = decodeFile({ file: path, content: bytes });
    return 'text' in decoded ? decoded.text : bytes;
  } finally {
    await file.close();
  }
}

async function statIfThere(path: string) {
  try {
    return await stat(path);
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}

class NotAFile extends Error {}

function unreadable(path: string, error: unknown): Problem {
  if (error instanceof NotAFile) {
    return {
      code: 'not-a-file',
      message: `${path} is not a file.`,
      suggestion: 'move away what is there; arc expects a text file with this name',
    };
  }
  const code = errorCode(error);
  return {
    code: 'unreadable-file',
    message: `${path} could not be read: ${reasons[code] ?? (error instanceof Error ? error.message : String(error))}.`,
    ...(code === 'EACCES' ? { suggestion: `give yourself the right to read it: chmod u+r ${path}` } : {}),
  };
}

const reasons: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  ELOOP: 'its symbolic links lead in a circle',
  EIO: 'the disk reports an error',
  EMFILE: 'too many files are open',
};

function errorCode(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}

/** Works on all items, some at a time. */
async function inParallel<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const queue = items.values();
  const worker = async () => {
    for (const item of queue) await work(item);
  };
  await Promise.all(Array.from({ length: Math.min(parallel, items.length) }, worker));
}

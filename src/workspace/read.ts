import { isUtf8 } from 'node:buffer';
import {
  closeSync,
  existsSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  realpathSync,
  statSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { ArcError, exitStatus, invalid, type Problem } from '../core/errors.ts';
import { maximumFileSize } from '../core/text.ts';
import { profilesFile, workspaceFile } from '../manifest/file-names.ts';

// Reading is synchronous: nothing else can be done before the manifests are known, and for thousands of small files
// it is much faster than asynchronous calls in parallel (scripts/measure/reading.ts), because none of them has to go
// through a thread and back.

/** Beside service.yaml: templates, and config files in the formats that can be checked. Below it: every file. */
const wanted = /\.(liquid|ya?ml|json)$/;

/** Generated for Docker Compose; as large as the rest of a service, and not checked here. */
const unwanted = new Set(['docker-compose.yml', 'docker-compose.start-interval.yml']);

/**
 * The nearest folder, from `cwd` upwards, that contains arc.yaml or services/profiles.yaml. Returns its real path, so
 * that mounts do not depend on the link that led here.
 *
 * @throws ArcError `no-workspace`
 */
export async function findWorkspace(options: { cwd: string }): Promise<string> {
  for (let folder = options.cwd; ; folder = dirname(folder)) {
    if ([workspaceFile, profilesFile].some((file) => existsSync(join(folder, file))))
      return realpathSync(folder);
    if (folder === dirname(folder)) break;
  }
  throw invalid({
    code: 'no-workspace',
    message: `Neither ${options.cwd} nor a folder above it holds ${workspaceFile} or ${profilesFile}.`,
    suggestion: 'go to the folder of your workspace, or make one here with `arc init`',
  });
}

/**
 * Everything that the workspace says: arc.yaml, services/profiles.yaml, contracts/*.yaml, and of each folder in services/
 * its service.yaml, templates and config files. Text where a file is text in UTF-8, bytes where it is not; of a file
 * that is too large only as much as shows that it is.
 *
 * @param options.root absolute path
 * @returns content by path relative to the root, with `/`, in order of the paths
 * @throws ArcError with every file and folder that could not be read
 */
export async function readWorkspace(options: {
  root: string;
}): Promise<ReadonlyMap<string, string | Uint8Array>> {
  const { root } = options;
  const problems: Problem[] = [];
  const attempt = <T>(path: string, work: (absolute: string) => T): T | undefined => {
    try {
      return work(join(root, path));
    } catch (error) {
      problems.push(unreadable(path, error));
      return undefined;
    }
  };

  const paths = [workspaceFile, profilesFile].filter((file) => existsSync(join(root, file)));
  const contracts = attempt('contracts', listIfThere) ?? [];
  paths.push(
    ...contracts.filter(({ name }) => name.endsWith('.yaml')).map(({ name }) => `contracts/${name}`),
  );
  for (const folder of attempt('services', listFolders) ?? []) {
    const path = `services/${folder}`;
    const found = attempt(path, listService) ?? { files: [], folders: [] };
    for (const name of found.files) paths.push(`${path}/${name}`);
    for (const name of found.folders) paths.push(...filesBelow({ path: `${path}/${name}`, attempt }));
  }
  const contents = new Map<string, string | Uint8Array>();
  for (const path of paths.sort()) {
    const content = attempt(path, readContent);
    if (content !== undefined) contents.set(path, content);
  }
  const [first, ...rest] = problems;
  if (first !== undefined) throw new ArcError({ problem: [first, ...rest], status: exitStatus.invalid });
  return contents;
}

function listFolders(path: string): readonly string[] {
  return (listIfThere(path) ?? [])
    .filter((entry) => entry.isDirectory() || entry.isSymbolicLink())
    .map((entry) => entry.name);
}

function listService(path: string): { files: readonly string[]; folders: readonly string[] } {
  const entries = listIfThere(path) ?? [];
  return {
    files: entries.map(({ name }) => name).filter((name) => wanted.test(name) && !unwanted.has(name)),
    folders: entries.filter((entry) => entry.isDirectory() && !isHidden(entry.name)).map(({ name }) => name),
  };
}

/**
 * Every file of a folder, at any depth. Left out is what is a program's own: a folder with a package.json, which recipes
 * take into an image, and names that begin with a dot. Links to folders are not followed, since they may lead back.
 */
function filesBelow(options: {
  path: string;
  attempt: <T>(path: string, work: (absolute: string) => T) => T | undefined;
}): readonly string[] {
  const { path, attempt } = options;
  const entries = attempt(path, listIfThere) ?? [];
  if (entries.some(({ name }) => name === 'package.json')) return [];
  return entries
    .filter(({ name }) => !isHidden(name))
    .flatMap((entry) => {
      const inner = `${path}/${entry.name}`;
      if (entry.isDirectory()) return filesBelow({ path: inner, attempt });
      return entry.isSymbolicLink() && attempt(inner, isFolder) !== false ? [] : [inner];
    });
}

function isFolder(path: string): boolean {
  return statSync(path).isDirectory();
}

function isHidden(name: string): boolean {
  return name.startsWith('.') || name === 'node_modules';
}

/** A link to a file is no service, and a workspace need not have any. */
function listIfThere(path: string) {
  try {
    return readdirSync(path, { withFileTypes: true });
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes(errorCode(error))) return undefined;
    throw error;
  }
}

function readContent(path: string): string | Uint8Array {
  const found = statSync(path);
  // Checked before opening it, because opening a named pipe waits for a writer.
  if (!found.isFile()) throw new NotAFile();
  if (found.size > maximumFileSize) return readStart(path);
  const text = readFileSync(path, 'utf8');
  // Invalid UTF-8 becomes this character, which a file may also contain.
  if (!text.includes('\uFFFD')) return text;
  const bytes = readFileSync(path);
  return isUtf8(bytes) ? text : bytes;
}

/** One byte more than is allowed, whatever the size of the file. */
function readStart(path: string): Uint8Array {
  const start = new Uint8Array(maximumFileSize + 1);
  const file = openSync(path, 'r');
  try {
    readSync(file, start);
  } finally {
    closeSync(file);
  }
  return start;
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
  const reason = reasons[code] ?? (error instanceof Error ? error.message : String(error));
  return {
    code: 'unreadable-file',
    message: `${path} could not be read: ${reason}.`,
    ...(code === 'EACCES' ? { suggestion: `give yourself the right to read it: chmod u+r ${path}` } : {}),
  };
}

const reasons: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  ENOENT: 'it is a link that leads nowhere',
  ELOOP: 'its symbolic links lead in a circle',
  EIO: 'the disk reports an error',
  EMFILE: 'too many files are open',
};

function errorCode(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}

import { createHash } from 'node:crypto';
import { constants, lstatSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { copyFile, mkdir, symlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { failed } from '../../core/errors.ts';

// Synchronous, as reading the workspace is (workspace/read.ts): every boot and plan reads these small files.

/** One file of a program's sources, by its path in their folder, with `/`. */
type Source = { name: string } & ({ kind: 'file'; executable: boolean } | { kind: 'link'; to: string });

/**
 * Digest of a program's folder: names, contents, links and executable bits of its files. Times and owners do not count,
 * nor do empty folders, which git does not keep either.
 *
 * @returns `sha256` in hex, and the names of the files
 * @throws NodeJS.ErrnoException where something cannot be read
 */
export async function digestOfSources(
  folder: string,
): Promise<{ digest: string; names: ReadonlySet<string> }> {
  const hash = createHash('sha256');
  const sources = listSources(folder);
  for (const source of sources) {
    const bytes = source.kind === 'file' ? readFileSync(join(folder, source.name)) : Buffer.from('');
    // The length keeps one file's end and the next one's name apart.
    hash.update(`${JSON.stringify([source.name, source, bytes.length])}\n`).update(bytes);
  }
  return { digest: hash.digest('hex'), names: new Set(sources.map(({ name }) => name)) };
}

/**
 * Copies the files that the digest covers, and no others.
 *
 * @throws NodeJS.ErrnoException
 */
export async function copySources(options: { from: string; to: string }): Promise<void> {
  const { from, to } = options;
  for (const source of listSources(from)) {
    const target = join(to, source.name);
    await mkdir(dirname(target), { recursive: true });
    if (source.kind === 'link') await symlink(source.to, target);
    else await copyFile(join(from, source.name), target, constants.COPYFILE_FICLONE);
  }
}

/**
 * Copies the files of a step into an empty folder. Because a base is identified by their digest, exactly these files
 * must end up in it.
 *
 * @throws ArcError `recipe-step-failed` if they have changed since the digest was made
 */
export async function takeSources(options: {
  step: { folder: string; source: string; contents: string };
  to: string;
}): Promise<void> {
  const { step, to } = options;
  await copySources({ from: step.source, to });
  if ((await digestOfSources(to)).digest === step.contents) return;
  throw failed({
    code: 'recipe-step-failed',
    message: `The files of ${step.folder} changed while they were read.`,
    suggestion: 'run it again',
  });
}

function listSources(folder: string, below = ''): readonly Source[] {
  const sources: Source[] = [];
  for (const child of readdirSync(join(folder, below)).sort()) {
    if (isLeftOut(child)) continue;
    const name = below === '' ? child : `${below}/${child}`;
    const path = join(folder, name);
    const status = lstatSync(path);
    if (status.isDirectory()) sources.push(...listSources(folder, name));
    else if (status.isSymbolicLink()) sources.push({ name, kind: 'link', to: readlinkSync(path) });
    else if (status.isFile()) sources.push({ name, kind: 'file', executable: (status.mode & 0o100) !== 0 });
  }
  return sources;
}

const tests = /\.test\.[cm]?[jt]sx?$|_test\.go$|^test_.*\.py$/;

/**
 * Files made by npm and Python, private files of editors, git and people (`.env`), and tests, which do not run in an
 * image.
 */
function isLeftOut(name: string): boolean {
  return name === 'node_modules' || name === '__pycache__' || name.startsWith('.') || tests.test(name);
}

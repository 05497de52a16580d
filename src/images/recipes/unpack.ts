import { createWriteStream } from 'node:fs';
import { copyFile, mkdir, symlink } from 'node:fs/promises';
import { dirname, posix } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { failed } from '../../core/errors.ts';
import { type ArchiveEntry, tarEntries, zipEntries } from './archive-entries.ts';
import { pathIn } from './kind.ts';

/** How archives are read, by the end of their names. */
const formats: readonly [RegExp, (file: string) => AsyncGenerator<ArchiveEntry>][] = [
  [/\.(?:zip|jar|whl)$/, zipEntries],
  [/\.(?:tar\.gz|tgz)$/, tarEntries],
];

/**
 * Unpacks an archive into a folder: files with their executable bits, folders and links. Writes nothing outside the
 * folder, and nothing through a link of the archive.
 *
 * @param options.name what the archive is called; its end says what kind of archive it is
 * @throws ArcError `recipe-step-failed` if it is none, is damaged, or has an entry that leads out of the folder
 */
export async function unpack(options: {
  file: string;
  name: string;
  to: string;
  signal: AbortSignal;
}): Promise<void> {
  const { file, name, to, signal } = options;
  const read = formats.find(([end]) => end.test(name))?.[1];
  if (read === undefined) throw unreadable(name, 'is not a zip, jar, wheel or tar.gz');
  const links = new Set<string>();
  await mkdir(to, { recursive: true });
  try {
    for await (const entry of read(file)) {
      signal.throwIfAborted();
      const path = posix.resolve('/', entry.name);
      if (isBelow(path, links)) throw unreadable(name, `has ${entry.name}, which lies behind a link`);
      if (path === '/') continue;
      await write({ entry, path, to, links });
    }
  } catch (cause) {
    signal.throwIfAborted();
    if (cause instanceof Error && !('problems' in cause)) throw unreadable(name, `: ${cause.message}`, cause);
    throw cause;
  }
}

async function write(options: {
  entry: ArchiveEntry;
  path: string;
  to: string;
  links: Set<string>;
}): Promise<void> {
  const { entry, path, to, links } = options;
  const target = pathIn(to, path);
  await mkdir(entry.kind === 'folder' ? target : dirname(target), { recursive: true });
  switch (entry.kind) {
    case 'folder':
      return;
    case 'file': {
      const mode = entry.executable ? 0o755 : 0o644;
      return await pipeline(await entry.content(), createWriteStream(target, { mode, flags: 'wx' }));
    }
    case 'link':
      links.add(path);
      return await symlink(entry.to, target);
    case 'same': {
      const first = posix.resolve('/', entry.as);
      if (isBelow(first, links)) throw new Error(`${entry.name} is a file behind a link`);
      return await copyFile(pathIn(to, first), target);
    }
    default:
      return entry satisfies never;
  }
}

/** Whether a path is one of the links or leads through one. */
function isBelow(path: string, links: ReadonlySet<string>): boolean {
  for (let part = path; part !== '/'; part = posix.dirname(part)) if (links.has(part)) return true;
  return false;
}

function unreadable(name: string, what: string, cause?: unknown) {
  return failed(
    {
      code: 'recipe-step-failed',
      message: `arc could not unpack ${name}${what.startsWith(':') ? what : `: it ${what}`}.`,
    },
    cause,
  );
}

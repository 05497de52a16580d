import { readFile } from 'node:fs/promises';
import { invalid } from '../../core/errors.ts';
import { decodeText } from '../../core/text.ts';

/** SHA-256 in hex by the coordinates of an artefact, in order of coordinates. */
export type MavenLock = Readonly<Record<string, string>>;

const line = /^([0-9a-f]{64}) {1,2}([^\s:]+(?::[^\s:]+){2,4})$/;

/** A line of a lock file. */
export function lockLine(coordinates: string, sha256: string): string {
  return `${sha256}  ${coordinates}`;
}

/**
 * Reads a lock file: `<SHA-256>  <coordinates>` a line; empty lines and those that begin with `#` do not count.
 *
 * @param options.file as a person knows it
 * @param options.path on this machine
 * @throws ArcError (exit status 2) `recipe-lock`
 */
export async function readMavenLock(options: { file: string; path: string }): Promise<MavenLock> {
  const { file, path } = options;
  const bytes = await readFile(path).catch((cause: NodeJS.ErrnoException) => {
    throw invalid(
      {
        code: 'recipe-lock',
        message: `The lock file ${file} of a recipe ${cause.code === 'ENOENT' ? 'does not exist' : `could not be read: ${cause.message}`}.`,
        suggestion: 'make an empty one: the build then prints the lines that belong in it',
      },
      cause,
    );
  });
  const decoded = decodeText({ file, content: bytes });
  if ('problem' in decoded) throw invalid(decoded.problem);
  return parseMavenLock({ file, text: decoded.text });
}

/**
 * Reads a lock file.
 *
 * @throws ArcError (exit status 2) `recipe-lock` with the place
 */
export function parseMavenLock(options: { file: string; text: string }): MavenLock {
  const { file, text } = options;
  const found = new Map<string, string>();
  for (const [index, written] of text.split(/\r?\n/).entries()) {
    if (written.trim() === '' || written.startsWith('#')) continue;
    const [, sha256, coordinates] = line.exec(written.trimEnd()) ?? [];
    const location = { file, line: index + 1, column: 1, excerpt: written };
    if (sha256 === undefined || coordinates === undefined) {
      throw invalid({
        code: 'recipe-lock',
        message: 'A line of the lock file is not a SHA-256 in hex, two spaces and Maven coordinates.',
        suggestion: 'write it as in `5cd1…b7  info.picocli:picocli:4.7.6`',
        location,
      });
    }
    if (found.has(coordinates)) {
      throw invalid({ code: 'recipe-lock', message: `${coordinates} is in the lock file twice.`, location });
    }
    found.set(coordinates, sha256);
  }
  return Object.fromEntries([...found].sort(([a], [b]) => (a < b ? -1 : 1)));
}

import { realpathSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Problem } from '../core/errors.ts';
import type { Secret } from '../core/secret.ts';
import { decodeText } from '../core/text.ts';
import { throwIfAny } from '../stack/problems.ts';
import { isAbsent, prepareArcFolder, readBytesIfThere, replaceFile } from './files.ts';
import { formatSecret, parseSecrets, type SecretEntry } from './secrets-format.ts';

/** Real secrets, relative to the workspace: `NAME=value` lines, mode 0600, ignored by git. */
export const secretsFile = '.arc/secrets.env';

export type SecretsFile = {
  /** All of it, byte-order mark included; undefined if there is no file. */
  text: string | undefined;
  /** By name of the variable. */
  entries: ReadonlyMap<string, SecretEntry>;
  /** Unreadable lines, with line and column. */
  problems: readonly Problem[];
  /** Its secrets and possible secrets, to be redacted in all output. */
  hidden: readonly Secret[];
};

const byteOrderMark = '\uFEFF';

/**
 * Reads the secrets file of a workspace.
 *
 * @param options.root absolute path of the workspace
 * @throws ArcError `cannot-read` if the file is there and cannot be opened
 */
export function readSecretsFile(options: { root: string }): SecretsFile {
  const bytes = readBytesIfThere(join(options.root, secretsFile));
  if (bytes === undefined) return { text: undefined, entries: new Map(), problems: [], hidden: [] };
  const read = decodeText({ file: secretsFile, content: bytes });
  if ('problem' in read) {
    const texts = [bytes.toString('latin1'), bytes.toString('utf8'), bytes.toString('utf16le')];
    const parts = texts.flatMap((text) => {
      const { entries, suspects } = parseSecrets({ file: secretsFile, text });
      return [...Array.from(entries.values(), ({ value }) => value), ...suspects];
    });
    return { text: undefined, entries: new Map(), problems: [read.problem], hidden: parts };
  }
  const { entries, problems, suspects } = parseSecrets({ file: secretsFile, text: read.text });
  return {
    text: bytes.toString('utf8'),
    entries,
    problems,
    hidden: [...Array.from(entries.values(), ({ value }) => value), ...suspects],
  };
}

/**
 * Writes some values into the secrets file and keeps every other byte. The file is replaced in one step, so a full disk
 * or an interruption leaves the old one complete.
 *
 * @param options.values by name of the variable
 * @throws ArcError with what cannot be read in the file: nothing is written then; `cannot-write`
 */
export function writeSecretsFile(options: { root: string; values: ReadonlyMap<string, Secret> }): void {
  const { root, values } = options;
  const file = readSecretsFile({ root });
  throwIfAny(file.problems);
  prepareArcFolder(root);
  const path = join(root, secretsFile);
  replaceFile({
    // If the file is a link to another place, it stays one.
    path: file.text === undefined ? path : realpathSync(path),
    text: editSecrets({ file, values }),
    mode: 0o600,
    durable: true,
  });
}

/** A warning where others can read the file. */
export function secretsFileMode(options: { root: string }): readonly Problem[] {
  try {
    const mode = statSync(join(options.root, secretsFile)).mode & 0o777;
    if ((mode & 0o077) === 0) return [];
    return [
      {
        code: 'secrets-readable',
        message: `${secretsFile} can be read by other users of this machine (mode 0${mode.toString(8)}).`,
        suggestion: `chmod 600 ${secretsFile}`,
      },
    ];
  } catch (error) {
    if (isAbsent(error)) return [];
    throw error;
  }
}

function editSecrets(options: { file: SecretsFile; values: ReadonlyMap<string, Secret> }): string {
  const { entries, text } = options.file;
  const before =
    text ?? '# Secrets of this workspace, made by `arc secrets`. Keep them out of version control.\n';
  const mark = before.startsWith(byteOrderMark) ? byteOrderMark : '';
  let after = before.slice(mark.length);
  const lineEnd = /\r?\n/.exec(after)?.[0] ?? '\n';
  const lines = Array.from(options.values, ([name, value]) => ({
    entry: entries.get(name),
    line: formatSecret({ name, value }),
  }));
  // From the end, so that the places of the others stay right.
  for (const { entry, line } of lines.toSorted((a, b) => (b.entry?.start ?? 0) - (a.entry?.start ?? 0))) {
    if (entry !== undefined) after = after.slice(0, entry.start) + line + after.slice(entry.end);
  }
  const added = lines.filter(({ entry }) => entry === undefined).map(({ line }) => line + lineEnd);
  if (added.length > 0 && after !== '' && !after.endsWith('\n')) after += lineEnd;
  return mark + after + added.toSorted().join('');
}

import { createHash } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { posix } from 'node:path';
import { canonicalJson } from '../core/canonical-json.ts';
import { failed } from '../core/errors.ts';
import type { Loaded } from '../core/loaded.ts';
import type { ProofManifest } from '../manifest/model-needs.ts';
import type { ResolvedFolder } from '../stack/model.ts';
import { inside, reason } from './files.ts';

/**
 * The mark that a program reports once it has loaded the current files of a mounted folder.
 *
 * @param options.root absolute path of the workspace
 * @throws ArcError `cannot-read`
 */
export function wantedMark(options: { root: string; folder: ResolvedFolder; proof: ProofManifest }): Loaded {
  const { root, folder, proof } = options;
  if (proof.mark !== 'time') {
    const bytes = attempt(`${folder.folder}/${proof.file ?? ''}`, (path) => {
      const found = readFileSync(inside(root, path));
      return proof.mark === 'json' ? `${canonicalJson(dataOf(found.toString()))}\n` : found;
    });
    return { kind: 'digest', digest: createHash('sha256').update(bytes).digest('hex') };
  }
  // A folder is younger than its files where one of them was removed.
  const paths = new Set(folder.files.flatMap(({ file }) => [file, posix.dirname(file)]));
  const written = [folder.folder, ...paths].map((path) =>
    attempt(path, (found) => statSync(inside(root, found)).mtimeMs),
  );
  return { kind: 'time', newest: Math.max(...written) };
}

/** What a program reads that takes lines of comments in its JSON. */
function dataOf(text: string): unknown {
  return JSON.parse(text.replaceAll(/^\s*#.*$/gm, ''));
}

function attempt<T>(path: string, work: (path: string) => T): T {
  try {
    return work(path);
  } catch (error) {
    throw failed({ code: 'cannot-read', message: `${path} could not be read: ${reason(error)}.` }, error);
  }
}

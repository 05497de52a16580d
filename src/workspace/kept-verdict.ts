import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { Problem } from '../core/errors.ts';
import { keptCopy } from './kept-copy.ts';

/** What `arc validate` says of a workspace without problems. */
export type Verdict = { services: number; warnings: readonly Problem[] };

type Environment = Readonly<Record<string, string | undefined>>;

export type KeptVerdict = {
  /** @returns undefined if none was kept for these files and this environment */
  read(environment: Environment): Verdict | undefined;
  /**
   * Not for a verdict that follows from a secret in the environment, which has no place in a cache.
   *
   * @param variables each variable that was looked at with its value, or undefined if it is not set
   */
  keep(verdict: Verdict, variables: Environment): void;
};

/** The copy names the variables that were looked at, because only the manifests say which those are. */
type Copy = { verdict: Verdict; variables: Environment };

/**
 * The last verdict on a workspace, as long as nothing that it follows from has changed: the workspace's files, the files
 * beside them, the variables of the environment that were looked at, and the program.
 *
 * @param options.cache arc's cache
 * @param options.program the file that runs
 * @param options.root absolute path of the workspace
 * @param options.files what is judged
 * @param options.beside paths, relative to the root, of further files that are read for the verdict; they need not exist
 */
export function keptVerdict(options: {
  cache: string;
  program: string;
  root: string;
  files: ReadonlyMap<string, string | Uint8Array>;
  beside: readonly string[];
}): KeptVerdict {
  const { root, files, beside } = options;
  const before = statesOf({ root, beside });
  if (before === undefined) return { read: () => undefined, keep: () => {} };
  const copy = keptCopy<Copy>({
    ...options,
    kind: 'verdicts',
    from: [...Array.from(files).flat(), ...before],
  });

  return {
    read(environment) {
      const kept = copy.read();
      if (kept === undefined) return undefined;
      const isSame = Object.entries(kept.variables).every(([name, value]) => environment[name] === value);
      return isSame ? kept.verdict : undefined;
    },
    keep(verdict, variables) {
      const after = statesOf({ root, beside });
      // Read once for the hash and once for the verdict: somebody may have changed one of them in between.
      if (isDeepStrictEqual(after, before)) copy.keep({ verdict, variables });
    },
  };
}

/**
 * Rights, time of the last change and content of each file.
 *
 * @returns undefined if one cannot be read, which is for the verdict to say
 */
function statesOf(options: {
  root: string;
  beside: readonly string[];
}): readonly (string | Uint8Array)[] | undefined {
  try {
    return options.beside.flatMap((file) => {
      const path = join(options.root, file);
      const found = statSync(path, { throwIfNoEntry: false });
      return found === undefined ? ['none'] : [`${found.mode} ${found.ctimeMs}`, readFileSync(path)];
    });
  } catch {
    return undefined;
  }
}

import { existsSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { type ArcError, invalid } from '../core/errors.ts';

/** Variables that contain a path relative to the folder in which arc was called. */
const pathVariables = ['DOCKER_CONFIG', 'DOCKER_CERT_PATH', 'XDG_CACHE_HOME', 'XDG_RUNTIME_DIR', 'HOME'];
/** Variables that contain such a path, or a name of another kind: `env://KEY`. */
const pathOrName = ['ARC_COSIGN_KEY', 'ARC_COSIGN_PUBLIC_KEY'];

/**
 * The working folder of a command, as an absolute path. Everything that is mounted, spawned or shown uses it.
 *
 * @param options.directory what `--directory` names
 * @param options.calledIn gives the folder of the process, or throws where it was removed
 */
export function workingFolder(options: { directory?: string; calledIn: () => string }): string | ArcError {
  const { directory } = options;
  let calledIn: string;
  try {
    calledIn = options.calledIn();
  } catch {
    return invalid({
      code: 'no-directory',
      message: 'The folder that arc was called in does not exist any more.',
      suggestion: 'cd to an existing folder',
    });
  }
  const folder = resolve(calledIn, directory ?? '.');
  if (directory === undefined || (existsSync(folder) && statSync(folder).isDirectory())) return folder;
  return invalid({
    code: 'no-directory',
    message: existsSync(folder) ? `${folder} is not a folder.` : `The folder ${folder} does not exist.`,
    suggestion: 'check what --directory (-C) names',
  });
}

/** The environment with absolute paths, because programs that arc runs may be in another folder. */
export function withAbsolutePaths(options: {
  environment: Readonly<Record<string, string>>;
  calledIn: string;
}): Record<string, string> {
  const { environment, calledIn } = options;
  const absolute = { ...environment };
  for (const name of pathVariables) {
    const value = environment[name];
    if (value) absolute[name] = resolve(calledIn, value);
  }
  for (const name of pathOrName) {
    const value = environment[name];
    if (value && existsSync(resolve(calledIn, value))) absolute[name] = resolve(calledIn, value);
  }
  return absolute;
}

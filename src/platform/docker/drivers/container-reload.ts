import { posix } from 'node:path';
import type { Decision } from '../../../core/driver.ts';
import { type Address, addressOf } from '../../../core/resource.ts';
import { pathsBelow } from '../../../stack/folders.ts';
import type { ResolvedContainer, ResolvedFolder } from '../../../stack/model.ts';
import type { ObservedContainer } from '../snapshot.ts';

/** What a running program has said of a folder: that it has other files loaded, or nothing. */
export type Unloaded = 'other' | 'silent';

/** A folder that a program loads again while it goes on running. */
export type Reload = { folder: ResolvedFolder; cause: string };

/**
 * The folders that a container has to load again, because this plan changes a file in them or because its program has
 * not loaded what is there. Pure.
 *
 * @param options.unloaded by path of the folder
 * @param options.left files of templates that are gone
 */
export function reloadsOf(options: {
  container: ResolvedContainer;
  existing: Pick<ObservedContainer, 'state'>;
  unloaded: ReadonlyMap<string, Unloaded>;
  left: readonly string[];
  decided: (address: Address) => Decision | undefined;
}): readonly Reload[] {
  const { container, existing, unloaded, left, decided } = options;
  return container.folders.flatMap((folder): Reload[] => {
    if (folder.reload === undefined) return [];
    const path = folder.folder;
    const paths = [...pathsBelow(folder), ...left.filter((one) => isBelow(one, path))];
    if (paths.some((one) => isChanged(decided(addressOf('config', one)))))
      return [{ folder, cause: `${path} changes` }];
    if (existing.state === 'paused')
      return [{ folder, cause: `it was paused, and ${path} may have changed` }];
    const said = unloaded.get(path);
    return said === undefined ? [] : [{ folder, cause: causes[said](path) }];
  });
}

const causes: Record<Unloaded, (path: string) => string> = {
  other: (path) => `it has not loaded ${path}`,
  silent: (path) => `it does not say whether it has loaded ${path}`,
};

/** Whether a file is in a folder, or in one below it. */
export function isBelow(file: string, folder: string): boolean {
  return !posix.relative(folder, file).startsWith('..');
}

function isChanged(decision: Decision | undefined): boolean {
  return decision !== undefined && decision.kind !== 'keep';
}

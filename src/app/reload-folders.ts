import { systemClock } from '../core/clock.ts';
import { type Address, addressOf } from '../core/resource.ts';
import type { Reach } from '../core/socket-address.ts';
import { isBelow, type Unloaded } from '../platform/docker/drivers/container-reload.ts';
import type { ReloadSource } from '../platform/docker/drivers/run.ts';
import type { Engine } from '../platform/docker/engine.ts';
import { reload, unloadedBy } from '../platform/docker/reload.ts';
import type { ResolvedContainer } from '../stack/model.ts';
import { wantedMark } from '../workspace/folder-state.ts';
import type { PlannedWrite } from '../workspace/write.ts';

/** A program loads its configuration in milliseconds; one that takes this long has refused it. */
const longestMilliseconds = 15_000;

/**
 * Asks every running program that loads a mounted folder while it runs whether it has loaded what is there. It needs no
 * memory of what was changed when: the program's own mark is held against the files. A folder that the plan changes
 * anyway needs no question.
 *
 * @param options.running addresses of the containers that run
 * @param options.left files that the plan removes
 * @returns by role and path of the folder; nothing for what is loaded
 */
export async function findUnloaded(options: {
  root: string;
  containers: readonly ResolvedContainer[];
  running: ReadonlySet<Address>;
  files: readonly PlannedWrite[];
  left: readonly string[];
  reach: Reach;
  signal: AbortSignal;
}): Promise<ReadonlyMap<string, ReadonlyMap<string, Unloaded>>> {
  const { root, containers, running, files, left, reach, signal } = options;
  const written = files
    .filter(
      ({ state, hasWindowsLineEnds }) => state === 'created' || state === 'changed' || hasWindowsLineEnds,
    )
    .map(({ path }) => path);
  const changes = [...written, ...left];
  const ask = async (container: ResolvedContainer): Promise<readonly [string, Unloaded][]> => {
    const found = await Promise.all(
      container.folders.map(async (folder): Promise<readonly [string, Unloaded][]> => {
        if (folder.reload === undefined || changes.some((path) => isBelow(path, folder.folder))) return [];
        const wanted = wantedMark({ root, folder, proof: folder.reload.proof });
        const unloaded = await unloadedBy({
          reloading: { container, reload: folder.reload, wanted },
          reach,
          signal,
        });
        return unloaded === undefined ? [] : [[folder.folder, unloaded]];
      }),
    );
    return found.flat();
  };
  const asked = containers.filter(({ name }) => running.has(addressOf('container', name)));
  return new Map(await Promise.all(asked.map(async (one) => [one.role, new Map(await ask(one))] as const)));
}

/** Has programs load what is in their folders once a plan has written it. */
export function reloadSource(options: {
  engine: Pick<Engine, 'signalContainer'>;
  reach: Reach;
  root: string;
}): ReloadSource {
  const { root } = options;
  return {
    reload: async ({ container, folder, io }) => {
      if (folder.reload === undefined) throw new Error(`${container.name} does not reload ${folder.folder}`);
      const wanted = wantedMark({ root, folder, proof: folder.reload.proof });
      return reload({
        ...{ ...options, ...io },
        reloading: { container, reload: folder.reload, wanted },
        clock: systemClock,
        deadlineMilliseconds: longestMilliseconds,
      });
    },
  };
}

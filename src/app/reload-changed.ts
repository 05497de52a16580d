import { systemClock } from '../core/clock.ts';
import { type RunningStep, startStep } from '../core/report-step.ts';
import type { Reach } from '../core/socket-address.ts';
import type { Engine } from '../platform/docker/engine.ts';
import { reload } from '../platform/docker/reload.ts';
import type { ResolvedContainer, ResolvedFolder } from '../stack/model.ts';
import { wantedMark } from '../workspace/folder-state.ts';
import type { Context } from './context.ts';

/** A program loads its configuration in milliseconds; one that takes this long has refused it. */
const longestMilliseconds = 15_000;

/**
 * Has every program whose mounted folder is reloaded prove that it has loaded what is there now, and asks those to load it
 * that have not. It needs no memory of what was changed when: the program's own mark is held against the files.
 *
 * @param options.containers that run
 * @throws ArcError `not-reloaded`
 */
export async function reloadChanged(options: {
  context: Pick<Context, 'emit' | 'signal'>;
  containers: readonly ResolvedContainer[];
  engine: Pick<Engine, 'signalContainer'>;
  reach: Reach;
  root: string;
}): Promise<void> {
  await Promise.all(
    options.containers.flatMap((container) =>
      container.folders.map((folder) => reloadOne({ ...options, container, folder })),
    ),
  );
}

async function reloadOne(
  options: Parameters<typeof reloadChanged>[0] & { container: ResolvedContainer; folder: ResolvedFolder },
): Promise<void> {
  const { context, container, folder, engine, reach, root } = options;
  if (folder.reload === undefined) return;
  let step: RunningStep | undefined;
  try {
    await reload({
      reloading: {
        container,
        reload: folder.reload,
        wanted: wantedMark({ root, folder, proof: folder.reload.proof }),
      },
      engine,
      reach,
      clock: systemClock,
      signal: context.signal,
      deadlineMilliseconds: longestMilliseconds,
      onAsk: () => {
        step = startStep({
          emit: context.emit,
          id: `reload ${container.role} ${folder.target}`,
          verb: 'reload',
          on: `container/${container.name}`,
          role: container.role,
          cause: `${folder.folder} was changed`,
        });
      },
    });
    step?.done();
  } catch (error) {
    step?.failed(error, 'not-reloaded');
    throw error;
  }
}

import type { EventSink } from '../output/event.ts';
import { runtimeConfig } from '../render/config.ts';
import type { ResolvedStack } from '../stack/model.ts';
import { applyWrites, type PlannedWrite, planWrites } from './write.ts';

/**
 * The config files that a stack mounts, and what is on disk of them.
 *
 * @param options.root absolute path of the workspace
 */
export async function planRuntimeConfig(options: {
  root: string;
  stack: ResolvedStack;
}): Promise<readonly PlannedWrite[]> {
  const { root, stack } = options;
  return (await planWrites({ root, artefacts: runtimeConfig(stack) })).files;
}

/**
 * Puts the config files that a stack mounts on disk. One that a person edited stays as it is and is what the
 * container gets that is made or started from now on, as with Docker Compose; that is said every time.
 *
 * @param options.root absolute path of the workspace
 * @throws ArcError `cannot-write`
 */
export async function writeRuntimeConfig(options: {
  root: string;
  files: readonly PlannedWrite[];
  emit: EventSink;
}): Promise<void> {
  const { root, files, emit } = options;
  const edited = files.filter(({ state }) => state === 'edited-by-hand');
  for (const { path } of edited) {
    emit({
      type: 'warning',
      problem: {
        code: 'edited-by-hand',
        message: `${path} was edited by hand; a container gets it as it is, the next time that it is made or restarted.`,
        suggestion:
          '`arc restart` uses it now; to keep it, move the change to its template, then `arc generate --force`',
      },
    });
  }
  const plan = { files: files.filter(({ state }) => state !== 'edited-by-hand'), stale: [] };
  await applyWrites({ root, plan, force: false });
}

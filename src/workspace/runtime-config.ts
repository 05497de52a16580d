import type { EventSink } from '../output/event.ts';
import { runtimeConfig } from '../render/config.ts';
import type { ResolvedStack } from '../stack/model.ts';
import { applyWrites, planWrites } from './write.ts';

/**
 * Puts the config files that a stack mounts on disk. One that a person edited stays as it is and is what the
 * container gets, as it would with Docker Compose; that is said every time.
 *
 * @param options.root absolute path of the workspace
 * @throws ArcError `cannot-write`
 */
export async function writeRuntimeConfig(options: {
  root: string;
  stack: ResolvedStack;
  emit: EventSink;
}): Promise<void> {
  const { root, stack, emit } = options;
  const { files } = await planWrites({ root, artefacts: runtimeConfig(stack) });
  const edited = files.filter(({ state }) => state === 'edited-by-hand');
  for (const { path } of edited) {
    emit({
      type: 'warning',
      problem: {
        code: 'edited-by-hand',
        message: `${path} was edited by hand; it is used as it is.`,
        suggestion: 'move the change to its template, then run `arc generate --force`',
      },
    });
  }
  const plan = { files: files.filter(({ state }) => state !== 'edited-by-hand'), stale: [] };
  await applyWrites({ root, plan, force: false });
}

import type { Plan } from '../core/step.ts';
import { type EngineFacts, readEngineFacts } from '../doctor/engine-facts.ts';
import { findObstacles } from '../doctor/ensure.ts';
import { everything } from './choice.ts';
import type { Context } from './context.ts';
import { warnOfOtherWorkspace } from './other-workspace.ts';
import { preview } from './preview.ts';
import type { ImageOptions, SelectionOptions } from './request.ts';
import { openPlace, type Place } from './session.ts';
import { stackOnEngine } from './stack-among.ts';
import { tell } from './tell.ts';

/**
 * Finds out what `arc up` would do, and changes nothing. An obstacle is a warning if `arc up` would remove it, and an
 * error if `arc up` would refuse.
 */
export function plan(options: { context: Context; request: SelectionOptions & ImageOptions }): Promise<Plan> {
  const { context } = options;
  return openPlace({
    ...options,
    ports: 'foresee',
    use: async (opened) => {
      const { facts, containers } = await readEngineFacts(opened);
      const place = stackOnEngine({ site: opened, containers });
      for (const { problem } of place.stack.refused) context.emit({ type: 'warning', problem });
      await warnOfObstacles({ context, place, engine: facts });
      const seen = await preview({ ...options, place, containers, choice: everything });
      tell({ context, seen, told: new Set() });
      warnOfOtherWorkspace({ context, objects: seen.objects, home: place.home });
      return seen.plan;
    },
  });
}

async function warnOfObstacles(options: {
  context: Context;
  place: Place;
  engine: EngineFacts;
}): Promise<void> {
  const { context, place, engine } = options;
  const { root, manifests, stack } = place;
  const { environment, columns, emit } = context;
  const workspace = { root, manifest: manifests.workspace, stack };
  for (const problem of await findObstacles({ workspace, environment, columns, engine }))
    emit({ type: 'warning', problem });
}

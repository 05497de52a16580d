import { findVersions } from '../images/find-versions.ts';
import { findLeftovers } from '../images/leftovers.ts';
import type { EngineImages } from '../platform/docker/engine-images.ts';
import { orphansOf } from '../platform/docker/orphans.ts';
import { planNuke } from '../platform/docker/plan-down.ts';
import type { Snapshot } from '../platform/docker/snapshot.ts';
import type { Stack } from '../stack/model.ts';
import { confirmByTyping } from './consent.ts';
import type { Context } from './context.ts';
import { type Doomed, type TearDownRequest, type TornDown, tearDown } from './tear-down.ts';

/**
 * Removes everything in the project from the Engine. Keeps the files of the workspace, including its secrets.
 *
 * @param options.show shows the plan, with its losses, that a person is asked about
 */
export function nuke(options: {
  context: Context;
  request: Pick<TearDownRequest, 'takeOver' | 'dryRun'> & { force?: boolean };
  show: (plan: Doomed['plan']) => void;
}): Promise<TornDown> {
  const { context, request, show } = options;
  return tearDown({
    context,
    request: { ...request, selection: [], without: [], set: [] },
    command: 'nuke',
    plan: planNuke,
    does: 'removes what somebody else works with, and its data',
    images: imagesToRemove,
    consent: async ({ plan, stack }) => {
      show(plan);
      await confirmByTyping({
        context,
        question: `All of this is removed, DATA INCLUDED. Type ${stack.project} to go on:`,
        word: stack.project,
        flag: '--force',
        given: request.force === true,
      });
      return 'agreed';
    },
  });
}

/** Every version of the project's images, those of its orphans, and what builds have left. */
async function imagesToRemove(options: {
  engineImages: EngineImages;
  stack: Stack;
  snapshot: Snapshot;
}): Promise<Pick<Snapshot, 'images' | 'leftovers'>> {
  const { engineImages, stack, snapshot } = options;
  const wrappers = stack.containers.map(({ image }) => image.reference);
  const others = stack.containers.flatMap(({ alternatives = [] }) =>
    alternatives.map(({ image }) => image.reference),
  );
  const orphans = imagesOfOrphans({ stack, snapshot });
  return {
    images: { ...(await findVersions({ engineImages, wrappers })), ...orphans },
    leftovers: await findLeftovers({
      engineImages,
      wrappers: new Set([...wrappers, ...others, ...Object.keys(orphans)]),
      freed: new Set(
        snapshot.containers.flatMap(({ id, project }) => (project === snapshot.project ? [id] : [])),
      ),
    }),
  };
}

/** Images of what no manifest describes any more, as far as they have a name: without one, others may be made from it. */
function imagesOfOrphans(options: { stack: Stack; snapshot: Snapshot }): Snapshot['images'] {
  const { stack, snapshot } = options;
  const described = new Set(stack.containers.map(({ role }) => role));
  const named = orphansOf({ snapshot, described }).filter(({ image }) => !image.startsWith('sha256:'));
  return Object.fromEntries(named.map(({ image, imageId }) => [image, imageId]));
}

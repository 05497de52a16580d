import { confirmByTyping } from '../../app/consent.ts';
import { leftAlone } from '../../app/left-alone.ts';
import { warnOfLosses } from '../../app/losses.ts';
import { removedObjects, tearDown } from '../../app/tear-down.ts';
import { exitStatus } from '../../core/errors.ts';
import { printPlan } from '../../core/print-plan.ts';
import { wrapText } from '../../core/wrap.ts';
import { findVersions } from '../../images/find-versions.ts';
import { findLeftovers } from '../../images/leftovers.ts';
import { orphansOf } from '../../platform/docker/orphans.ts';
import { planNuke } from '../../platform/docker/plan-down.ts';
import type { Snapshot } from '../../platform/docker/snapshot.ts';
import type { ResolvedStack } from '../../stack/model.ts';
import type { Handler } from '../cli.ts';

/** Removes everything of the project from the Engine. Files of the workspace stay, secrets included. */
export const nuke: Handler<{ force?: boolean; takeOver?: boolean }> = async (options, cli) => {
  const { plan, stack, left } = await tearDown({
    cli,
    request: { selection: [], without: [], set: [] },
    command: 'nuke',
    plan: planNuke,
    does: 'removes what somebody else works with, and its data',
    takeOver: options.takeOver === true,
    images: async ({ engineImages, stack, snapshot }) => {
      const wrappers = stack.containers.map(({ image }) => image.reference);
      const others = stack.containers.flatMap(({ fallback }) => fallback?.image.reference ?? []);
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
    },
    consent: async ({ plan, stack, reach }) => {
      cli.print(wrapText(printPlan(plan), cli.columns));
      const endLive = await warnOfLosses({ cli, plan, stack, reach });
      await confirmByTyping({
        cli,
        question: `All of this is removed, DATA INCLUDED. Type ${stack.project} to go on:`,
        word: stack.project,
        flag: '--force',
        given: options.force === true,
      });
      await endLive();
    },
  });
  const removed = removedObjects(plan);
  cli.result({
    data: { removed, left },
    text: () =>
      [
        removed.length === 0
          ? 'There is nothing to remove.'
          : `${left.length === 0 ? 'Nothing is left' : 'Nothing that arc made is left'} of the project ${stack.project} on this Engine. Bases stay for the next boot; \`arc images prune\` removes old ones.`,
        ...leftAlone(left),
      ].join('\n'),
  });
  return exitStatus.done;
};

/** Images of what no manifest describes any more, as far as they have a name: without one, others may be made from it. */
function imagesOfOrphans(options: { stack: ResolvedStack; snapshot: Snapshot }): Snapshot['images'] {
  const { stack, snapshot } = options;
  const described = new Set(stack.containers.map(({ role }) => role));
  const named = orphansOf({ snapshot, described }).filter(({ image }) => !image.startsWith('sha256:'));
  return Object.fromEntries(named.map(({ image, imageId }) => [image, imageId]));
}

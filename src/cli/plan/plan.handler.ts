import { chooseFlavours } from '../../app/choose-flavours.ts';
import { findDependents } from '../../app/dependents.ts';
import { imageRequests } from '../../app/image-requests.ts';
import { warnOfAdopted } from '../../app/left-alone.ts';
import { warnOfOrphans } from '../../app/orphans.ts';
import { elsewhere, ofStack, warnOfOtherWorkspace } from '../../app/other-workspace.ts';
import type { ImageOptions, SelectionOptions } from '../../app/request.ts';
import { openStack, withEngine } from '../../app/session.ts';
import { exitStatus } from '../../core/errors.ts';
import { printPlan } from '../../core/print-plan.ts';
import { isEmpty } from '../../core/step.ts';
import { findObstacles } from '../../doctor/ensure.ts';
import { readLock } from '../../images/lock/read.ts';
import { type OutdatedImage, sortImages } from '../../images/outdated.ts';
import type { BasePolicy } from '../../manifest/model.ts';
import { findUnreadableData, refuse } from '../../platform/docker/data-check.ts';
import { observe } from '../../platform/docker/observe.ts';
import { planUp } from '../../platform/docker/plan-up.ts';
import type { BaseKind } from '../../stack/base-kind.ts';
import type { ResolvedStack } from '../../stack/model.ts';
import { readHome } from '../../workspace/identity.ts';
import { closedMounts, describeClosed } from '../../workspace/mount-rights.ts';
import { asEdited, planRuntimeConfig, warnOfEdits } from '../../workspace/runtime-config.ts';
import type { Handler } from '../cli.ts';
import { stepsAnswer } from '../steps-answer.ts';

type PlanOptions = SelectionOptions & ImageOptions & { exitCode?: boolean };

/** Prints what `arc up` would do: the images that it would build, then its plan. Changes nothing. */
export const showPlan: Handler<PlanOptions> = async (options, cli) => {
  const { workspace, stack: wanted } = await openStack({ cli, request: options, ports: 'foresee' });
  const settings = workspace.manifests.workspace;
  const { root } = workspace;
  const lock = await readLock({ root });
  const { plan, images, closed } = await withEngine({
    cli,
    use: async (engine, connection) => {
      const engineImages = connection.images;
      const stack = await chooseFlavours({ engineImages, stack: wanted, workspace: settings, lock });
      const requests = await imageRequests({
        containers: stack.containers,
        root,
        workspace: settings,
        bases: options.bases,
        lock,
      });
      const [snapshot, sorted] = await Promise.all([
        observe({ engine, project: stack.project, stack }),
        sortImages({
          engineImages,
          mirrors: settings.mirrors,
          requests,
        }),
      ]);
      const { environment, columns } = cli;
      const situation = { workspace: { root, manifest: settings, stack }, environment, columns, connection };
      for (const problem of await findObstacles(situation)) cli.emit({ type: 'warning', problem });
      const files = await planRuntimeConfig({ root, stack });
      warnOfEdits({ files, emit: cli.emit });
      warnOfOrphans({ cli, snapshot, manifests: workspace.manifests });
      warnOfAdopted({ cli, stack, snapshot });
      const home = readHome({ root });
      warnOfOtherWorkspace({
        cli,
        objects: ofStack({ stack, objects: elsewhere({ snapshot, home }) }),
        home,
      });
      const dependents = await findDependents({ cli, workspace, set: options.set, stack, snapshot });
      const plan = planUp({ stack: asEdited({ stack, files }), snapshot, root, dependents });
      const containers = [...stack.containers, ...dependents];
      const bases = basesToBuild(sorted.outdated);
      const findings = await findUnreadableData({ engine, plan, containers, snapshot, bases });
      for (const problem of refuse(findings)) cli.emit({ type: 'warning', problem });
      return {
        plan,
        closed: closedMounts({ root, stack }),
        images: eachOnce(sorted.outdated).map((image) => withFallback({ image, stack })),
      };
    },
  });
  for (const { problem } of wanted.refused) cli.emit({ type: 'warning', problem });
  const nothing = isEmpty(plan) && images.length === 0 && closed.length === 0;
  cli.result({
    data: {
      images: images.map(({ request, cause }) => ({ reference: request.image.reference, cause })),
      rights: closed.map(({ path, container, mode }) => ({ path, container, mode })),
      steps: stepsAnswer(plan),
    },
    text: () =>
      [
        ...closed.map((mount) => `~ rights of ${mount.path}  (${describeClosed(mount)})`),
        ...images.map(({ request, cause }) => `+ image ${request.image.reference}  (${cause})`),
        ...(isEmpty(plan) && !nothing ? [] : [printPlan(plan)]),
      ].join('\n'),
  });
  return options.exitCode === true && !nothing ? exitStatus.drift : exitStatus.done;
};

/** Says which image takes the place of one that cannot be had. */
function withFallback(options: { image: OutdatedImage; stack: ResolvedStack }): OutdatedImage {
  const { image, stack } = options;
  const { fallback } = stack.containers.find(({ role }) => role === image.request.role) ?? {};
  return fallback === undefined
    ? image
    : { ...image, cause: `${image.cause}; where it cannot be had, ${fallback.image.reference}` };
}

/** What the bases of images that `arc up` would build will be made from, as far as their policy says. */
function basesToBuild(images: readonly OutdatedImage[]): ReadonlyMap<string, BaseKind | 'either'> {
  return new Map(images.map(({ request }) => [request.role, kindByPolicy[request.policy]]));
}

const kindByPolicy: Record<BasePolicy, BaseKind | 'either'> = {
  registry: 'upstream',
  local: 'recipe',
  // Whichever can be had.
  auto: 'either',
};

/** A job shares the image of its service. */
function eachOnce(images: readonly OutdatedImage[]): readonly OutdatedImage[] {
  return [...new Map(images.map((image) => [image.request.image.reference, image])).values()];
}

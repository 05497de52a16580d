import { findDependents } from '../../app/dependents.ts';
import { containerOf, imagesInUse } from '../../app/images-in-use.ts';
import { withRegistry } from '../../app/open-registry.ts';
import { requireService } from '../../app/require-service.ts';
import { invalid } from '../../core/errors.ts';
import { printPlan } from '../../core/print-plan.ts';
import type { Plan } from '../../core/step.ts';
import { isEmpty } from '../../core/step.ts';
import { shortCommit } from '../../git/source.ts';
import { listImages } from '../../images/list.ts';
import type { Manifests } from '../../manifest/model.ts';
import type { EngineConnection } from '../../platform/docker/connection.ts';
import type { EngineImages } from '../../platform/docker/engine-images.ts';
import { observe } from '../../platform/docker/observe.ts';
import { planUp } from '../../platform/docker/plan-up.ts';
import { dockerReach } from '../../platform/docker/reach.ts';
import type { Snapshot } from '../../platform/docker/snapshot.ts';
import type { Platform } from '../../platform/platform.ts';
import { findRelease } from '../../release/find-release.ts';
import { finishedVersions } from '../../release/finished-versions.ts';
import { type ReleasedSet, requirePlatform } from '../../release/released-set.ts';
import { newestFirst } from '../../release/version.ts';
import type { ResolvedStack } from '../../stack/model.ts';
import type { Workspace } from '../../workspace/load.ts';
import { asEdited, planRuntimeConfig } from '../../workspace/runtime-config.ts';
import type { Cli } from '../cli.ts';
import {
  bystanders,
  containersOf,
  presentStack,
  repositoriesOf,
  rolledBackStack,
} from './rolled-back-stack.ts';

/** A rollback that nobody has agreed to yet: nothing is pulled, and nothing is touched. */
export type RollbackDraft = {
  service: string;
  release: ReleasedSet;
  /** What the containers of the service run now. */
  from: readonly Running[];
  /** The stack as it will be. */
  stack: ResolvedStack;
  /** Images of the release that the Engine lacks. */
  toPull: readonly { role: string; reference: string }[];
  /** Roles that stay as they are. */
  asMade: ReadonlySet<string>;
  plan: Plan;
  /** The way to what runs now. */
  reach: Platform['reach'];
};

/** `version` is null for what is no release, or has no container that has ever run. */
type Running = { role: string; there: boolean; version: string | null };

/**
 * Looks at what runs, finds the release in the registry and makes the plan.
 *
 * @param options.version as typed; the release before the one that runs where absent
 * @throws ArcError `not-a-service`, `nothing-to-roll-back`, `version-needed`, and those of the release and the registry
 */
export async function draftRollback(options: {
  cli: Cli;
  connection: EngineConnection;
  root: string;
  manifests: Manifests;
  workspace: Workspace;
  /** Settings that were given as flags. */
  set: readonly string[];
  stack: ResolvedStack;
  service: string;
  version: string | undefined;
}): Promise<RollbackDraft> {
  const { connection, root, service } = options;
  const { engine, images: engineImages } = connection;
  requireService({ manifests: options.manifests, name: service });
  const snapshot = await observe({ engine, project: options.stack.project, stack: options.stack });
  const present = presentStack({ service, stack: options.stack, snapshot });
  const from = await runningVersions({ engineImages, service, stack: present, snapshot });
  const release = await askRegistry({ ...options, stack: present, from });
  requirePlatform({ service, release, platform: `linux/${engineImages.architecture}` });

  const stack = rolledBackStack({ service, stack: present, release });
  const own = containersOf({ service, stack });
  const there = await engine.findImages(own.map(({ image }) => image.reference));
  const asMade = bystanders({ service, stack, snapshot });
  const images = { ...snapshot.images, ...there };
  const dependents = await findDependents({ ...options, stack, snapshot });
  const edited = asEdited({ stack, files: await planRuntimeConfig({ root, stack }) });
  return {
    service,
    release,
    from,
    stack,
    toPull: own
      .filter(({ kind }) => kind === 'service')
      .map(({ role, image }) => ({ role, reference: image.reference }))
      .filter(({ reference }) => !(reference in there)),
    asMade,
    plan: planUp({ stack: edited, snapshot: { ...snapshot, images }, root, asMade, dependents }),
    reach: dockerReach({ engine, connection, stack, observed: snapshot.containers }),
  };
}

/** Whether the service is as it is wanted already. */
export function isDone({ plan, toPull }: RollbackDraft): boolean {
  return isEmpty(plan) && toPull.length === 0;
}

/**
 * What a person is asked about:
 *
 *     cache: v0.2.0 → v0.1.0 (commit 0123456789ab)
 *     + image ghcr.io/arc-framework/arc-cache@sha256:…  (not on this Engine)
 *     ~ container arc-cache  (config changed: image)
 */
export function printDraft(draft: RollbackDraft): string {
  const { service, release, from, toPull, plan } = draft;
  const now = [...new Set(from.map(({ there, version }) => (there ? (version ?? 'no release') : 'nothing')))];
  return [
    `${service}: ${now.join(', ')} → ${release.version} (commit ${shortCommit(release.revision)})`,
    ...toPull.map(({ reference }) => `+ image ${reference}  (not on this Engine)`),
    ...(isEmpty(plan) && toPull.length > 0 ? [] : [printPlan(plan)]),
  ].join('\n');
}

async function runningVersions(options: {
  engineImages: EngineImages;
  service: string;
  stack: ResolvedStack;
  snapshot: Snapshot;
}): Promise<readonly Running[]> {
  const { engineImages, snapshot } = options;
  const containers = containersOf(options).filter(({ kind }) => kind === 'service');
  const images = await listImages({ engineImages, images: imagesInUse({ containers, snapshot }) });
  return images.map(({ role, image }) => {
    // One that was made and never started is what an interruption leaves, and says nothing of what ran before.
    const state = containerOf({ role, snapshot })?.state;
    const there = state !== undefined && state !== 'created';
    const [version] = there && image?.release ? newestFirst([image.release.version]) : [];
    return { role, there, version: version ?? null };
  });
}

async function askRegistry(options: {
  cli: Cli;
  root: string;
  service: string;
  version: string | undefined;
  stack: ResolvedStack;
  from: readonly Running[];
}): Promise<ReleasedSet> {
  const { cli, root, service, version } = options;
  const running = options.from.filter(({ there }) => there);
  if (version === undefined && running.length === 0)
    throw invalid({
      code: 'version-needed',
      message: `Nothing of ${service} runs, so there is no telling which release was before it.`,
      suggestion: `name a version: arc rollback ${service} v0.1.0`,
    });
  return withRegistry({
    cli,
    use: (client) =>
      findRelease({
        client,
        service,
        wanted: version,
        running: running.map((one) => one.version ?? undefined),
        finished: finishedVersions({ git: { root, signal: cli.signal }, service }),
        repositories: repositoriesOf(containersOf(options)),
      }),
  });
}

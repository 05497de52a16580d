import { invalid } from '../../core/errors.ts';
import { isEmpty } from '../../core/step.ts';
import { listImages } from '../../images/list.ts';
import type { EngineContainer } from '../../platform/docker/engine.ts';
import type { EngineImages } from '../../platform/docker/engine-images.ts';
import { observe } from '../../platform/docker/observe.ts';
import type { Snapshot } from '../../platform/docker/snapshot.ts';
import { findRelease } from '../../release/find-release.ts';
import { finishedVersions } from '../../release/finished-versions.ts';
import { type ReleasedSet, requirePlatform } from '../../release/released-set.ts';
import { newestFirst } from '../../release/version.ts';
import type { Stack } from '../../stack/model.ts';
import { everything } from '../choice.ts';
import type { Context } from '../context.ts';
import { containerOf, imagesInUse } from '../images-in-use.ts';
import { withRegistry } from '../open-registry.ts';
import { type Preview, preview } from '../preview.ts';
import { requireService } from '../require-service.ts';
import type { Place } from '../session.ts';
import {
  bystanders,
  containersOf,
  presentStack,
  repositoriesOf,
  rolledBackStack,
} from './rolled-back-stack.ts';

/** A rollback before consent: nothing is pulled or changed yet. */
export type RollbackDraft = {
  service: string;
  release: ReleasedSet;
  /** The versions that the service's containers run now. */
  from: readonly Running[];
  /** The plan. */
  seen: Preview;
};

/** `version` is null for what is no release, or has no container that has ever run. */
type Running = { role: string; there: boolean; version: string | null };

/**
 * Looks at what runs, finds the release in the registry and makes the plan.
 *
 * @param options.containers what the Engine had a moment ago
 * @param options.version as typed; the release before the one that runs where absent
 * @throws ArcError `not-a-service`, `nothing-to-roll-back`, `version-needed`, and those of the release and the registry
 */
export async function draftRollback(options: {
  context: Context;
  place: Place;
  service: string;
  version: string | undefined;
  containers: readonly EngineContainer[];
}): Promise<RollbackDraft> {
  const { context, place, service, containers } = options;
  const { engine, images: engineImages } = place.connection;
  requireService({ manifests: place.manifests, name: service });
  const snapshot = await observe({ engine, project: place.stack.project, stack: place.stack, containers });
  const present = presentStack({ service, stack: place.stack, snapshot });
  const from = await runningVersions({ engineImages, service, stack: present, snapshot });
  const release = await askRegistry({ ...options, root: place.root, stack: present, from });
  requirePlatform({ service, release, platform: `linux/${engineImages.architecture}` });

  const stack = rolledBackStack({ service, stack: present, release });
  const own = containersOf({ service, stack });
  const seen = await preview({
    context,
    place: { ...place, stack },
    request: {},
    containers,
    choice: everything,
    scope: (given) => ({ asMade: bystanders({ service, ...given }) }),
    release: new Set(own.map(({ image }) => image.reference)),
  });
  return { service, release, from, seen };
}

/** Whether the service already runs that release. */
export function isDone({ seen }: RollbackDraft): boolean {
  return isEmpty(seen.plan);
}

async function runningVersions(options: {
  engineImages: EngineImages;
  service: string;
  stack: Stack;
  snapshot: Snapshot;
}): Promise<readonly Running[]> {
  const { engineImages, snapshot } = options;
  const containers = containersOf(options).filter(({ kind }) => kind === 'service');
  const images = await listImages({ engineImages, images: imagesInUse({ containers, snapshot }) });
  return images.map(({ role, image }) => {
    // A container that was created but never started is left over from an interruption and does not show which version
    // ran before.
    const state = containerOf({ role, snapshot })?.state;
    const there = state !== undefined && state !== 'created';
    const [version] = there && image?.release ? newestFirst([image.release.version]) : [];
    return { role, there, version: version ?? null };
  });
}

async function askRegistry(options: {
  context: Context;
  root: string;
  service: string;
  version: string | undefined;
  stack: Stack;
  from: readonly Running[];
}): Promise<ReleasedSet> {
  const { context, root, service, version } = options;
  const running = options.from.filter(({ there }) => there);
  if (version === undefined && running.length === 0)
    throw invalid({
      code: 'version-needed',
      message: `No container of ${service} runs, so arc cannot tell which release came before.`,
      suggestion: `name a version: arc rollback ${service} v0.1.0`,
    });
  return withRegistry({
    context,
    use: (client) =>
      findRelease({
        client,
        service,
        wanted: version,
        running: running.map((one) => one.version ?? undefined),
        finished: finishedVersions({ git: { root, signal: context.signal }, service }),
        repositories: repositoriesOf(containersOf(options)),
      }),
  });
}

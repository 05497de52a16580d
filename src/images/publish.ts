import { ArcError, exitStatus, invalid, type Problem } from '../core/errors.ts';
import { changesProblem, type GitSource, revisionTag, shortCommit } from '../git/source.ts';
import type { Platform } from '../manifest/model-release.ts';
import type { RegistryClient } from '../registry/client.ts';
import { type RegistryImage, readImage } from '../registry/image.ts';
import { revisionOf } from '../registry/image-labels.ts';
import { formatReference } from '../registry/reference.ts';
import type { StartedBake } from './builder/bake.ts';
import { buildAndPush, type PushedImage } from './builder/build-and-push.ts';
import type { BuilderContext, BuildTarget } from './builder/model.ts';
import type { Builder } from './builder/open-builder.ts';

/** An image that is in its registry, under the tag of its commit. */
export type PublishedImage = {
  role: string;
  /** Registry and repository with the tag: `ghcr.io/arc-framework/arc-cache:sha-1a2b3c4d5e6f`. */
  reference: string;
  state: 'built' | 'kept';
  image: RegistryImage;
};

/**
 * Makes sure that the images of a commit are in their registries, under the tag `sha-<commit>`. Existing images are
 * kept. An image for fewer platforms is rebuilt for all of them, so that its users lose nothing.
 *
 * The tag is set only once the whole image is there.
 *
 * @param options.builder is only waited for where something has to be built
 * @param options.ahead a bake that waits for its work
 * @throws ArcError (exit status 2) `tree-not-clean`, (1) `image-tag-taken` if the tag is of another commit; what the
 *   builder and the registry throw
 */
export async function publishImages(
  options: BuilderContext & {
    client: RegistryClient;
    source: GitSource;
    targets: readonly BuildTarget[];
    platforms: readonly Platform[];
    builder: Promise<Builder>;
    ahead?: StartedBake | undefined;
  },
): Promise<readonly PublishedImage[]> {
  const { client, source, targets, signal } = options;
  refuseChanges(source);
  const tag = revisionTag(source.commit);
  const found = new Map(
    await Promise.all(
      targets.map(
        async ({ role, repository }) =>
          [role, await readImage({ client, repo: repository, reference: tag })] as const,
      ),
    ),
  );
  refuseOthers({ found, source, targets, tag });

  const published = new Map<string, PublishedImage>();
  const toBuild: { target: BuildTarget; platforms: readonly Platform[] }[] = [];
  for (const target of targets) {
    const { role, repository } = target;
    const image = found.get(role);
    const there = platformsOf(image);
    if (image !== undefined && options.platforms.every((platform) => there.has(platform))) {
      const reference = formatReference({ ...repository, tag });
      published.set(role, { role, reference, state: 'kept', image });
    } else {
      const platforms = allPlatforms.filter(
        (platform) => there.has(platform) || options.platforms.includes(platform),
      );
      toBuild.push({ target, platforms });
    }
  }
  const pushed = await unlessRefused({
    signal,
    check: () => Promise.all(toBuild.map(({ target }) => client.checkWrite(target.repository))),
    work: async (either) => {
      const groups: PushedImage[] = [];
      let { ahead } = options;
      for (const group of samePlatforms(toBuild)) {
        const { epochSeconds } = source;
        groups.push(
          ...(await buildAndPush({ ...options, ...group, ahead, epochSeconds, tag, signal: either })),
        );
        ahead = undefined;
      }
      return groups;
    },
  });
  const built = new Map(pushed.map(({ role, image }) => [role, image]));
  for (const { target } of toBuild) {
    const { role, repository } = target;
    const image = built.get(role);
    if (image === undefined) throw new Error(`${role} was not built`);
    published.set(role, { role, reference: formatReference({ ...repository, tag }), state: 'built', image });
  }
  return targets.flatMap(({ role }) => published.get(role) ?? []);
}

/**
 * Works while arc checks whether it may push the result, because a base may take minutes to pull. A refusal ends the
 * work.
 */
async function unlessRefused<Result>(options: {
  signal: AbortSignal;
  check: () => Promise<unknown>;
  work: (signal: AbortSignal) => Promise<Result>;
}): Promise<Result> {
  const refusal = new AbortController();
  const checking = options.check().catch((cause: unknown) => {
    refusal.abort(cause);
    throw cause;
  });
  const working = options.work(AbortSignal.any([options.signal, refusal.signal]));
  // No work continues in the background, whatever happens.
  const [checked] = await Promise.allSettled([checking, working]);
  if (checked.status === 'rejected') throw checked.reason;
  return await working;
}

const allPlatforms: readonly Platform[] = ['linux/amd64', 'linux/arm64'];

function platformsOf(image: RegistryImage | undefined): ReadonlySet<string> {
  return new Set(image?.platforms.map(({ platform }) => platform));
}

/** Most of the time all images are for the same platforms, and are built together. */
function samePlatforms(
  images: readonly { target: BuildTarget; platforms: readonly Platform[] }[],
): readonly { targets: readonly BuildTarget[]; platforms: readonly Platform[] }[] {
  const groups = new Map<string, { targets: BuildTarget[]; platforms: readonly Platform[] }>();
  for (const { target, platforms } of images) {
    const key = platforms.join();
    const group = groups.get(key) ?? { targets: [], platforms };
    groups.set(key, group);
    group.targets.push(target);
  }
  return [...groups.values()];
}

/** @throws ArcError (exit status 2) `tree-not-clean` */
export function refuseChanges(source: GitSource): void {
  const problem = changesProblem({
    source,
    commit: 'the commit that images would be published of',
    besides: '`arc build` builds them as they are',
  });
  if (problem !== undefined) throw invalid(problem);
}

/** A name that stands for another commit is never taken away from it. */
function refuseOthers(options: {
  found: ReadonlyMap<string, RegistryImage | undefined>;
  source: GitSource;
  targets: readonly BuildTarget[];
  tag: string;
}): void {
  const { found, source, targets, tag } = options;
  const problems = targets.flatMap(({ role, repository }): Problem[] => {
    const image = found.get(role);
    if (image === undefined) return [];
    const revision = revisionOf(image);
    if (revision === source.commit) return [];
    const is =
      revision === undefined
        ? 'says no commit that it was built from'
        : `was built from ${revision}, and this is ${source.commit}`;
    return [
      {
        code: 'image-tag-taken',
        message: `${formatReference({ ...repository, tag })} exists already: it ${is}.`,
        detail: [`it is ${image.digest}`],
        suggestion: `find out who pushed it, and delete the tag there: arc uses it for images of ${shortCommit(source.commit)}`,
      },
    ];
  });
  const [first, ...rest] = problems;
  if (first !== undefined) throw new ArcError({ problem: [first, ...rest], status: exitStatus.failed });
}

import { tmpdir } from 'node:os';
import { type ArcError, failed, prerequisite } from '../../core/errors.ts';
import { describeEnd, type ProcessEnd } from '../../host/process-end.ts';
import { findLogin } from '../../registry/credentials.ts';
import { unauthorized } from '../../registry/problems.ts';
import { parseReference } from '../../registry/reference.ts';
import { isRefusal } from '../refusal.ts';
import type { BakeProgress, FailedStep } from './bake-progress.ts';
import type { BuilderContext, BuildTarget } from './model.ts';
import type { Builder } from './open-builder.ts';

type Failure = {
  targets: readonly BuildTarget[];
  environment: BuilderContext['environment'];
  builder: Builder;
  progress: Pick<BakeProgress, 'failure' | 'said' | 'pending'>;
  end: ProcessEnd;
  /** How long buildx may be silent. */
  idleSeconds: number;
};

/** Why buildx has not built what it should, by what it said. */
export async function bakeFailed(options: Failure): Promise<ArcError> {
  const { targets, builder, progress, end } = options;
  const said = progress.said();
  const failure = progress.failure();
  const reason = failure?.error ?? reasonOf({ said, end });
  if (isFull(reason)) return noRoom({ reason, builder });
  if (failure?.error.includes('failed to push') === true) return await pushFailed({ ...options, failure });
  if (failure === undefined && end.kind === 'silent') return stuck(options);
  return failed({
    code: 'image-build-failed',
    message: `The image of ${namesOf(targets, failure)} could not be built: ${withoutStop(reason)}.`,
    // The last of the lines is the reason itself.
    detail: failure ? [failure.step, ...failure.log] : said.filter((line) => line !== reason),
    suggestion: "its Dockerfile is in the service's folder; `arc generate` writes it from the manifest",
  });
}

function reasonOf(options: { said: readonly string[]; end: ProcessEnd }): string {
  const { said, end } = options;
  switch (end.kind) {
    case 'exited':
      // The last line is buildx's own account of what went wrong.
      return said.at(-1) ?? 'buildx does not say why';
    case 'missing':
      return 'buildx is gone';
    case 'killed':
    case 'silent':
    case 'timed-out':
    case 'not-started':
      return `buildx ${describeEnd(end)}`;
    default:
      return end satisfies never;
  }
}

async function pushFailed(options: Failure & { failure: FailedStep }): Promise<ArcError> {
  const { targets, environment, failure } = options;
  const target = targets.find(({ role }) => role === failure.role);
  if (target && isRefusal(failure.error)) {
    const repo = target.repository;
    const found = await findLogin({ registry: repo.registry, environment });
    return unauthorized({ repo, permission: 'push', found, words: [failure.error] });
  }
  return failed({
    code: 'image-push-failed',
    message: `The image of ${namesOf(targets, failure)} could not be pushed: ${failure.error}.`,
    suggestion: 'check the registry, then run the same command again: it keeps what was pushed',
  });
}

/** Nothing is slower than a registry that does not answer, so these are named: of bases, and of the images. */
function stuck({ targets, builder, progress, idleSeconds }: Failure): ArcError {
  const registries = new Set(
    targets.flatMap(({ base, repository }) => [parseReference(base.pinned).registry, repository.registry]),
  );
  return failed({
    code: 'build-stuck',
    message: `The builder ${builder.name} said nothing for ${idleSeconds} s while it built the image of ${namesOf(targets)}, so arc ended it.`,
    detail: progress.pending().map((step) => `not finished: ${step}`),
    suggestion: `see whether the builder reaches ${[...registries].join(' and ')}, then run the same command again: it keeps what was pushed`,
  });
}

/**
 * The disk is full: that of this machine, where buildx keeps its files, or that of the builder.
 *
 * @param options.builder undefined if it was not called yet
 */
export function noRoom(options: { reason: string; builder: Builder | undefined; cause?: unknown }): ArcError {
  const { reason, builder, cause } = options;
  const here = builder === undefined || reason.includes(`${tmpdir()}/`);
  return prerequisite(
    {
      code: 'no-disk-space',
      message: here
        ? `There is no space left in ${tmpdir()}, where files of a build are kept while it runs.`
        : `There is no space left on the disk of the builder ${builder.name}.`,
      detail: [reason],
      suggestion: here
        ? 'free some (`df -h` says what is full), or name another folder: TMPDIR=<folder>'
        : `docker buildx prune --builder ${builder.name} empties its cache; docker system df says what else is large`,
    },
    cause,
  );
}

function isFull(reason: string): boolean {
  return /no space left on device/i.test(reason);
}

function namesOf(targets: readonly BuildTarget[], failure?: FailedStep): string {
  const target = targets.find(({ role }) => role === failure?.role);
  return target?.name ?? targets.map(({ name }) => name).join(', ');
}

function withoutStop(reason: string): string {
  return reason.replace(/\.$/, '');
}

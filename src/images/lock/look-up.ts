import { ArcError, exitStatus, failed, type Problem } from '../../core/errors.ts';
import type { EventSink } from '../../core/event.ts';
import { type RunningStep, startStep } from '../../core/report-step.ts';
import { openRegistryClient, type RegistryClient } from '../../registry/client.ts';
import { readImage } from '../../registry/image.ts';
import type { RegistryRetry, Repository, StoredManifest } from '../../registry/model.ts';
import { registryFailed, UnusableAnswer } from '../../registry/problems.ts';
import { applyMirror, formatReference, parseReference } from '../../registry/reference.ts';
import { mapLimited } from '../limit.ts';
import { digestsByPlatform, imagesOfIndex, lockedPlatforms } from './platforms.ts';
import type { FoundBase } from './relock.ts';
import type { WantedBase } from './wanted.ts';

/** Number of parallel requests: each is small, and there are few. */
const concurrency = 4;

/** What asking registries needs from the outside world. */
export type LookUpTools = {
  /** For Docker's configuration and proxies. */
  environment: Readonly<Record<string, string | undefined>>;
  mirrors: Readonly<Record<string, string>>;
  emit: EventSink;
  signal: AbortSignal;
};

/**
 * Looks bases up in their registries, or in the mirrors of those.
 *
 * @throws ArcError with a problem for each base that cannot be locked: what the registry client throws,
 *   `base-not-found`, `base-without-platform`
 */
export async function lookUpBases(
  options: LookUpTools & { wanted: readonly WantedBase[] },
): Promise<ReadonlyMap<string, FoundBase>> {
  const { wanted, environment, signal } = options;
  if (wanted.length === 0) return new Map();
  const running: Running = new Set();
  const client = openRegistryClient({ environment, signal, onRetry: (retry) => showRetry(running, retry) });
  try {
    const answers = await mapLimited({
      items: wanted,
      limit: concurrency,
      map: async (base) => {
        try {
          return { base, found: await lookUp({ ...options, client, running, base }) };
        } catch (cause) {
          signal.throwIfAborted();
          if (!(cause instanceof ArcError)) throw cause;
          return { base, error: cause };
        }
      },
    });
    throwAll(answers.flatMap(({ base, error }) => (error === undefined ? [] : [{ base, error }])));
    return new Map(
      answers.flatMap(({ base, found }) => (found === undefined ? [] : [[base.reference, found] as const])),
    );
  } finally {
    await client.close();
  }
}

/** The reference in question, and its registry. */
type Running = Set<{ registry: string; step: RunningStep }>;

function showRetry(running: Running, { registry, reason, delayMilliseconds }: RegistryRetry): void {
  const answer = { question: registry, reply: reason, ok: false, againMilliseconds: delayMilliseconds };
  for (const asked of running) if (asked.registry === registry) asked.step.update({ answer });
}

function throwAll(failures: readonly { base: WantedBase; error: ArcError }[]): void {
  const [first, ...rest] = failures.flatMap(({ base, error }) =>
    error.problems.map((problem) => ofBase({ base, problem })),
  );
  if (first === undefined) return;
  const statuses = new Set(failures.map(({ error }) => error.status));
  // If one registry needs a login and another is down, the login is not the only problem.
  const [status = exitStatus.failed] = statuses.size === 1 ? statuses : [];
  throw new ArcError({ problem: [first, ...rest], status });
}

function ofBase(options: { base: WantedBase; problem: Problem }): Problem {
  const { base, problem } = options;
  return { ...problem, message: `The base of ${base.roles.join(', ')} cannot be locked. ${problem.message}` };
}

async function lookUp(
  options: Pick<LookUpTools, 'mirrors' | 'emit'> & {
    client: RegistryClient;
    running: Running;
    base: WantedBase;
  },
): Promise<FoundBase> {
  const { client, running, base, mirrors, emit } = options;
  const place = applyMirror(parseReference(base.reference), mirrors);
  const repo = { registry: place.registry, repository: place.repository };
  const name = formatReference(place);
  const [role] = base.roles;
  const step = startStep({
    emit,
    id: `lock:${base.reference}`,
    verb: 'look-up',
    on: `image/${name}`,
    ...(role !== undefined && { role }),
  });
  const asked = { registry: repo.registry, step };
  running.add(asked);
  try {
    const stored = await client.manifest(repo, place.digest ?? place.tag ?? 'latest');
    if (stored === undefined) throw notFound(name);
    const platforms = await platformsOf({ client, repo, stored, name });
    if (Object.keys(platforms).length === 0) throw withoutPlatform(name);
    step.done({ digest: stored.digest });
    return { digest: stored.digest, platforms };
  } catch (cause) {
    step.failed(cause, 'base-not-found');
    throw cause;
  } finally {
    running.delete(asked);
  }
}

/** An image without an index has to be looked into: only its config says what it is for. */
async function platformsOf(options: {
  client: RegistryClient;
  repo: Repository;
  stored: StoredManifest;
  name: string;
}): Promise<Readonly<Record<string, string>>> {
  const { client, repo, stored, name } = options;
  try {
    const images =
      imagesOfIndex(stored) ?? (await readImage({ client, repo, reference: stored.digest }))?.platforms ?? [];
    return digestsByPlatform(images);
  } catch (cause) {
    if (!(cause instanceof UnusableAnswer)) throw cause;
    throw registryFailed({ what: `read ${name}`, reason: cause.message, words: cause.words, cause });
  }
}

function notFound(name: string): ArcError {
  return failed({
    code: 'base-not-found',
    message: `The registry has no ${name}.`,
    suggestion: 'correct `upstream` in the manifest, or `mirrors` in arc.yaml',
  });
}

function withoutPlatform(name: string): ArcError {
  return failed({
    code: 'base-without-platform',
    message: `${name} has no image for any platform that arc builds for: ${lockedPlatforms.join(', ')}.`,
    suggestion: 'name another `upstream` in the manifest',
  });
}

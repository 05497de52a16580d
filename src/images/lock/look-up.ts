import { ArcError, exitStatus, failed, type Problem } from '../../errors.ts';
import type { EventSink } from '../../output/event.ts';
import type { RegistryClient } from '../../registry/client.ts';
import { readImage } from '../../registry/image.ts';
import { mediaTypes, type StoredManifest } from '../../registry/model.ts';
import { applyMirror, formatReference, parseReference } from '../../registry/reference.ts';
import { mapLimited } from '../limit.ts';
import { startProgress } from '../progress.ts';
import { digestsByPlatform, lockedPlatforms, platformsOfIndex } from './platforms.ts';
import type { FoundBase } from './relock.ts';
import type { WantedBase } from './wanted.ts';

/** Asked at once: each is one small request, and there are few. */
const concurrency = 4;

/**
 * Asks registries what they have under the names of bases. Mirrors are asked in place of the registries that they
 * stand for.
 *
 * @throws ArcError with a problem for each base that cannot be locked: what the registry client throws,
 *   `base-not-found`, `base-without-platform`
 */
export async function lookUpBases(options: {
  client: RegistryClient;
  wanted: readonly WantedBase[];
  mirrors: Readonly<Record<string, string>>;
  emit: EventSink;
  signal: AbortSignal;
}): Promise<ReadonlyMap<string, FoundBase>> {
  const { wanted, signal } = options;
  const answers = await mapLimited({
    items: wanted,
    limit: concurrency,
    map: async (base) => {
      try {
        return { base, found: await lookUp({ ...options, base }) };
      } catch (cause) {
        signal.throwIfAborted();
        if (!(cause instanceof ArcError)) throw cause;
        return { base, error: cause };
      }
    },
  });
  const failures = answers.flatMap(({ base, error }) => (error === undefined ? [] : [{ base, error }]));
  throwAll(failures);
  return new Map(
    answers.flatMap(({ base, found }) => (found === undefined ? [] : [[base.reference, found] as const])),
  );
}

function throwAll(failures: readonly { base: WantedBase; error: ArcError }[]): void {
  const [first, ...rest] = failures.flatMap(({ base, error }) =>
    error.problems.map((problem) => ofBase({ base, problem })),
  );
  if (first === undefined) return;
  const statuses = new Set(failures.map(({ error }) => error.status));
  // Where one waits for a login and another is down, more is wrong than a login.
  const [status = exitStatus.failed] = statuses.size === 1 ? statuses : [];
  throw new ArcError({ problem: [first, ...rest], status });
}

function ofBase(options: { base: WantedBase; problem: Problem }): Problem {
  const { base, problem } = options;
  const { reference, roles } = base;
  return { ...problem, message: `The base of ${roles.join(', ')}, ${reference}: ${problem.message}` };
}

async function lookUp(options: {
  client: RegistryClient;
  base: WantedBase;
  mirrors: Readonly<Record<string, string>>;
  emit: EventSink;
}): Promise<FoundBase> {
  const { client, base, mirrors, emit } = options;
  const place = applyMirror(parseReference(base.reference), mirrors);
  const { registry, repository } = place;
  const name = formatReference(place);
  const progress = startProgress({
    emit,
    id: `lock:${base.reference}`,
    subject: base.roles[0] ?? '',
    action: `look up ${name}`,
  });
  try {
    const stored = await client.manifest({ registry, repository }, place.digest ?? place.tag ?? 'latest');
    if (stored === undefined) throw notFound(name);
    const platforms = await platformsOf({ client, repo: { registry, repository }, stored });
    if (Object.keys(platforms).length === 0) throw withoutPlatform(name);
    progress.done(stored.digest);
    return { digest: stored.digest, platforms };
  } catch (cause) {
    progress.failed(cause instanceof Error ? cause.message : String(cause));
    throw cause;
  }
}

/**
 * An index names its platforms, so that one request does: registries count them. Only an image without an index has
 * to be looked into.
 */
async function platformsOf(options: {
  client: RegistryClient;
  repo: { registry: string; repository: string };
  stored: StoredManifest;
}): Promise<Readonly<Record<string, string>>> {
  const { client, repo, stored } = options;
  const isIndex = [mediaTypes.index, mediaTypes.dockerList].some((type) => type === stored.mediaType);
  if (isIndex) return platformsOfIndex(stored.bytes.toString('utf8'));
  const image = await readImage({ client, repo, reference: stored.digest });
  return digestsByPlatform(
    (image?.platforms ?? []).map(({ platform, digest }) => {
      const [os = '', architecture = '', variant] = platform.split('/');
      return { digest, platform: { os, architecture, variant } };
    }),
  );
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
    message: `${name} is for none of the platforms that arc builds for: ${lockedPlatforms.join(', ')}.`,
    suggestion: 'name another `upstream` in the manifest',
  });
}

import { failed } from '../errors.ts';
import { listCommits } from '../git/source.ts';
import { makeTag, pushTag } from '../git/tags.ts';
import type { ReleaseAction } from './actions.ts';
import { assetContent } from './assets.ts';
import type { ReleaseImage } from './model.ts';
import { gitTagOf, gitTagPrefix, imageAt, revisionOf, versionOf } from './names.ts';
import { releaseNotes } from './notes.ts';
import { digestsToSign } from './supply/digests-to-sign.ts';
import { ensureProvenance } from './supply/provenance.ts';
import { ensureSbom } from './supply/sbom.ts';
import { scanImage, vulnerableImage } from './supply/scan.ts';
import { ensureSignatures } from './supply/sign.ts';
import { chooseSigner, releaseIdentity } from './supply/signer.ts';
import { isBehind, isPrerelease, newestFirst } from './version.ts';
import { imageOf, type ReleaseProgress, type ReleaseWork } from './work.ts';

/** How a step ended that did not fail. */
export type Performed =
  | { kind: 'done'; detail?: string }
  | { kind: 'not-run'; reason: string; suggestion?: string };

/** Everything but building, which is done for all images at once. */
export type SingleAction = Exclude<ReleaseAction, { kind: 'build' }>;

type Options<Kind extends SingleAction['kind']> = {
  work: ReleaseWork;
  progress: ReleaseProgress;
  action: Extract<SingleAction, { kind: Kind }>;
};

/**
 * Carries out one step. Each looks at what is there before it makes anything, so that one that was interrupted can be
 * done again.
 *
 * @throws ArcError of whatever the step talks to
 */
export async function perform(options: {
  work: ReleaseWork;
  progress: ReleaseProgress;
  action: SingleAction;
}): Promise<Performed> {
  const { action, ...rest } = options;
  switch (action.kind) {
    case 'scan':
      return await scan({ ...rest, action });
    case 'sbom':
      return await describe({ ...rest, action });
    case 'provenance':
      return await prove({ ...rest, action });
    case 'sign':
      return await sign({ ...rest, action });
    case 'tag':
      return await tagImage({ ...rest, action });
    case 'verify':
      return await verify({ ...rest, action });
    case 'git-tag':
      return await tagCommit({ ...rest, action });
    case 'draft':
      return await draft(rest);
    case 'asset':
      return await upload({ ...rest, action });
    case 'publish':
      return await publish(rest);
    default:
      return action satisfies never;
  }
}

function onePlatform(options: {
  progress: ReleaseProgress;
  action: { image: ReleaseImage; platform: string };
}): { platform: string; digest: string } {
  const { progress, action } = options;
  const found = imageOf(progress, action.image).platforms.find(
    ({ platform }) => platform === action.platform,
  );
  if (found === undefined) throw new Error(`${action.image.name} was not built for ${action.platform}`);
  return found;
}

async function scan(options: Options<'scan'>): Promise<Performed> {
  const { work, action } = options;
  const image = onePlatform(options);
  const result = await scanImage({
    repo: action.image.repository,
    image,
    root: work.git.root,
    environment: work.environment,
    signal: work.signal,
  });
  switch (result.kind) {
    case 'not-run':
      if (!work.plan.request.requireScan) return result;
      throw failed({
        code: 'no-scanner',
        message: `${imageAt(action.image, image)} could not be scanned, and --require-scan was given.`,
        detail: [result.reason],
      });
    case 'clean':
      return { kind: 'done', detail: 'nothing critical' };
    case 'critical':
      throw vulnerableImage({
        reference: imageAt(action.image, { digest: image.digest }),
        platform: image.platform,
        scanner: result.scanner,
        vulnerabilities: result.vulnerabilities,
      });
    default:
      return result satisfies never;
  }
}

async function describe(options: Options<'sbom'>): Promise<Performed> {
  const { work, action } = options;
  const result = await ensureSbom({
    client: work.registry,
    repo: action.image.repository,
    image: onePlatform(options),
    epochSeconds: work.snapshot.source.epochSeconds,
    environment: work.environment,
    signal: work.signal,
  });
  return result.kind === 'not-run' ? result : { kind: 'done' };
}

async function prove({ work, progress, action }: Options<'provenance'>): Promise<Performed> {
  const { plan, snapshot } = work;
  const image = imageOf(progress, action.image);
  await ensureProvenance({
    client: work.registry,
    repo: action.image.repository,
    facts: {
      digest: image.digest,
      platforms: image.platforms,
      service: plan.request.service,
      container: action.image.name,
      version: plan.request.version,
      dockerfile: action.image.dockerfile,
      source: {
        repository: plan.request.repository,
        commit: plan.commit,
        epochSeconds: snapshot.source.epochSeconds,
      },
      base: action.image.base,
    },
    environment: work.environment,
  });
  return { kind: 'done' };
}

/** Signs an image, and what is attached to it and right. */
async function sign({ work, progress, action }: Options<'sign'>): Promise<Performed> {
  const { request } = work.plan;
  const image = imageOf(progress, action.image);
  const repo = action.image.repository;
  const { digest: baseDigest } = action.image.base;
  const digests = await digestsToSign({
    client: work.registry,
    repo,
    image,
    expected: {
      version: request.version,
      commit: work.plan.commit,
      ...(baseDigest === undefined ? {} : { baseDigest }),
    },
  });
  const result = await ensureSignatures({
    repo,
    digests,
    signer: chooseSigner({
      sign: request.sign,
      identity: releaseIdentity(request),
      environment: work.environment,
    }),
    environment: work.environment,
    signal: work.signal,
  });
  return result.kind === 'not-run'
    ? result
    : { kind: 'done', detail: `${result.signatures.length} signatures` };
}

/** The same bytes under another name: what was built is promoted, not built again. */
async function tagImage({ work, progress, action }: Options<'tag'>): Promise<Performed> {
  const { digest } = imageOf(progress, action.image);
  const repo = action.image.repository;
  const stored = await work.registry.manifest(repo, digest);
  if (stored === undefined) throw notThere(action.image, digest);
  await work.registry.putManifest(repo, {
    reference: action.tag,
    mediaType: stored.mediaType,
    bytes: stored.bytes,
  });
  return { kind: 'done', detail: digest };
}

async function verify({ work, progress, action }: Options<'verify'>): Promise<Performed> {
  const built = imageOf(progress, action.image);
  const repo = action.image.repository;
  await Promise.all(
    action.tags.map(async (tag) => {
      const stored = await work.registry.manifest(repo, tag);
      if (stored?.digest === built.digest) return;
      throw failed({
        code: 'image-differs',
        message: `${imageAt(action.image, { tag })} is ${stored?.digest ?? 'not there'}, and ${built.digest} was built.`,
        suggestion:
          'something else writes to this repository: find out what, then run the same command again',
      });
    }),
  );
  if (revisionOf(built) !== work.plan.commit || versionOf(built) !== work.plan.request.version) {
    throw failed({
      code: 'image-differs',
      message: `The labels of ${imageAt(action.image, { digest: built.digest })} name ${revisionOf(built) ?? 'no commit'} and ${versionOf(built) ?? 'no version'}.`,
    });
  }
  return { kind: 'done', detail: built.digest };
}

function notThere(image: ReleaseImage, digest: string) {
  return failed({
    code: 'image-not-found',
    message: `${imageAt(image, { digest })} is not in the registry any more.`,
    suggestion: 'run the same command again',
  });
}

async function tagCommit({ work, action }: Options<'git-tag'>): Promise<Performed> {
  const { snapshot, plan, git } = work;
  const { service, version } = plan.request;
  if (!snapshot.localTags.some(({ name }) => name === action.name)) {
    await makeTag({ ...git, name: action.name, commit: plan.commit, message: `${service} ${version}` });
  }
  await pushTag({ ...git, name: action.name });
  return { kind: 'done' };
}

async function draft({ work, progress }: Omit<Options<'draft'>, 'action'>): Promise<Performed> {
  const { request } = work.plan;
  const previous = previousVersion(work);
  const commits = await listCommits({
    ...work.git,
    ...(previous === undefined ? {} : { since: gitTagOf({ ...request, version: previous }) }),
    paths: work.servicePaths,
  });
  progress.hosted = await work.github.draftRelease({
    tag: gitTagOf(request),
    name: `${request.service} ${request.version}`,
    notes: releaseNotes({ request, commits, previous, images: progress.images }),
    prerelease: isPrerelease(request.version),
  });
  return { kind: 'done', detail: progress.hosted.address };
}

/** The version that this one comes after; the notes of a release that is none itself begin at the last one that was. */
function previousVersion({ plan, snapshot }: ReleaseWork): string | undefined {
  const { service, version } = plan.request;
  const versions = newestFirst(
    snapshot.localTags.map(({ name }) => name.slice(gitTagPrefix(service).length)),
  ).filter((other) => isBehind(other, version));
  return isPrerelease(version) ? versions[0] : versions.find((other) => !isPrerelease(other));
}

async function upload({ work, progress, action }: Options<'asset'>): Promise<Performed> {
  const release = progress.hosted;
  if (release === undefined) throw new Error('no step has made the draft');
  const content = await assetContent({ work, progress, name: action.name });
  const how = await work.github.ensureAsset({ release, name: action.name, ...content });
  return { kind: 'done', detail: how === 'kept' ? 'it is the same' : `${content.bytes.length} bytes` };
}

async function publish({ work, progress }: Omit<Options<'publish'>, 'action'>): Promise<Performed> {
  const release = progress.hosted;
  if (release === undefined) throw new Error('no step has made the draft');
  progress.hosted = await work.github.publishRelease({
    id: release.id,
    latest: !isPrerelease(work.plan.request.version),
  });
  return { kind: 'done', detail: progress.hosted.address };
}

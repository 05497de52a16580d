import { ArcError, type Problem } from '../core/errors.ts';
import type { GitContext } from '../git/git.ts';
import { type GitSource, hasIdentity, isShallow, revisionTag } from '../git/source.ts';
import { localTags, readRemote } from '../git/tags.ts';
import type { GithubClient } from '../github/client.ts';
import type { RegistryClient } from '../registry/client.ts';
import { type RegistryImage, readImage } from '../registry/image.ts';
import type { Descriptor } from '../registry/model.ts';
import { decideImage } from './decide-image.ts';
import type {
  Attached,
  ImageState,
  ReleaseImage,
  ReleaseRequest,
  ReleaseSnapshot,
  ToolFinder,
  ToolState,
} from './model.ts';
import { gitTagOf, gitTagPrefix, versionTagsOf } from './names.ts';
import { latestTag } from './plan-stages.ts';
import { staysSigned } from './stays-signed.ts';
import { documentTypes } from './supply/attached.ts';

/**
 * Observes everything that a release depends on, all at the same time. A missing login becomes a refusal, so that it is
 * shown with all other obstacles.
 *
 * @throws ArcError of git, the registry or GitHub where one does not answer
 */
export async function observeRelease(options: {
  request: ReleaseRequest;
  source: GitSource;
  git: GitContext;
  registry: RegistryClient;
  github: GithubClient;
  tools: ToolFinder;
  /** Known obstacles. */
  problems: readonly Problem[];
}): Promise<ReleaseSnapshot> {
  const { request, source, git, registry, github, tools } = options;
  const refusals: Problem[] = [...options.problems];
  /** A missing login is noted, and the question goes without an answer. */
  const unlessRefused = async <T>(question: Promise<T>): Promise<T | undefined> => {
    try {
      return await question;
    } catch (error) {
      if (!(error instanceof ArcError) || !refusalCodes.has(error.code)) throw error;
      refusals.push(...error.problems);
      return undefined;
    }
  };
  const prefix = gitTagPrefix(request.service);
  const [here, remote, shallow, identity, images, hosted] = await Promise.all([
    localTags({ ...git, prefix }),
    readRemote({ ...git, prefix, commit: source.commit }),
    isShallow(git),
    hasIdentity(git),
    Promise.all(
      request.images.map(async (image) => ({
        image,
        state: await unlessRefused(observeImage({ request, image, commit: source.commit, registry })),
      })),
    ),
    unlessRefused(
      github.refusal().then(async (refusal) => {
        // A rehearsal writes nothing there, so it may go without a login.
        if (refusal !== undefined && !request.rehearsal) refusals.push(refusal);
        return refusal === undefined ? await github.findRelease(gitTagOf(request)) : undefined;
      }),
    ),
  ]);
  const known = images.flatMap(({ image, state }) => (state === undefined ? [] : [{ image, state }]));
  // The state of an image that could not be inspected is unknown, so a builder may be needed.
  const builds = images.some(
    ({ image, state }) =>
      state === undefined || decideImage({ request, commit: source.commit, image, state }).kind === 'build',
  );
  const signs =
    builds ||
    images.some(
      ({ state }) =>
        state !== undefined &&
        !staysSigned({ attached: state.attached, platforms: request.platforms, sbom: tools.sbom }),
    );
  return {
    source,
    pushed: remote.hasHead,
    shallow,
    hasIdentity: identity,
    localTags: here,
    remoteTags: remote.tags,
    images: Object.fromEntries(known.map(({ image, state }) => [image.role, state])),
    hosted,
    tools: {
      ...tools,
      builder: builds ? await tools.builder() : notNeeded('nothing has to be built'),
      signer: signs ? await tools.signer() : notNeeded('everything is signed'),
    },
    refusals: uniqueProblems(refusals),
  };
}

/** arc does not look for tools that are not needed. */
function notNeeded(reason: string): ToolState {
  return { there: false, reason };
}

const refusalCodes = new Set(['registry-unauthorized', 'github-refused']);

async function observeImage(options: {
  request: ReleaseRequest;
  image: ReleaseImage;
  commit: string;
  registry: RegistryClient;
}): Promise<ImageState> {
  const { request, image, commit, registry } = options;
  const repo = image.repository;
  const names = [...versionTagsOf(request), revisionTag(commit), latestTag];
  const [found] = await Promise.all([
    Promise.all(
      names.map(
        async (tag): Promise<readonly [string, RegistryImage | undefined]> => [
          tag,
          await readImage({ client: registry, repo, reference: tag }),
        ],
      ),
    ),
    registry.checkWrite(repo),
  ]);
  const tags = Object.fromEntries(
    found.flatMap(([tag, there]) => (there === undefined ? [] : [[tag, there] as const])),
  );
  const decision = decideImage({ request, commit, image, state: { tags, attached: nothing } });
  const attached =
    decision.kind === 'kept' ? await observeAttached({ registry, repo, image: decision.image }) : nothing;
  return { tags, attached };
}

/** Cosign 3 attaches a signature as a bundle of sigstore, whose type has a version in it. */
const signatureType = /^application\/vnd\.dev\.sigstore\.bundle\./;

const nothing: Attached = { sboms: [], provenance: false, signed: false };

async function observeAttached(options: {
  registry: RegistryClient;
  repo: ReleaseImage['repository'];
  image: RegistryImage;
}): Promise<Attached> {
  const { registry, repo, image } = options;
  const attachedTo = (digest: string) => registry.referrers(repo, digest);
  const isSigned = (attached: readonly Descriptor[]) =>
    attached.some(({ artifactType = '' }) => signatureType.test(artifactType));
  // Of several documents of one kind, one signed document is enough.
  const find = async (attached: readonly Descriptor[], type: string) => {
    const documents = attached.filter(({ artifactType }) => artifactType === type);
    const signatures = await Promise.all(
      documents.map(async ({ digest }) => isSigned(await attachedTo(digest))),
    );
    return { there: documents.length > 0, signed: signatures.includes(true) };
  };
  const [sboms, { provenance, signed }] = await Promise.all([
    Promise.all(
      image.platforms.map(async ({ platform, digest }) => ({
        platform,
        ...(await find(await attachedTo(digest), documentTypes.sbom)),
      })),
    ),
    attachedTo(image.digest).then(async (attached) => ({
      provenance: await find(attached, documentTypes.provenance),
      signed: isSigned(attached),
    })),
  ]);
  const documents = [...sboms, provenance].filter(({ there }) => there);
  return {
    sboms: sboms.flatMap(({ platform, there }) => (there ? [platform] : [])),
    provenance: provenance.there,
    signed: signed && documents.every((document) => document.signed),
  };
}

/** A login that is missing is missing for every image of a registry. */
function uniqueProblems(problems: readonly Problem[]): readonly Problem[] {
  return [...new Map(problems.map((problem) => [`${problem.code} ${problem.message}`, problem])).values()];
}

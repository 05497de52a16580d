import type { Problem } from '../core/errors.ts';
import { changesProblem, shortCommit } from '../git/source.ts';
import type { GitTag } from '../git/tags.ts';
import { revisionOf } from '../registry/image-labels.ts';
import { assetNames } from './asset-names.ts';
import type { ReleaseImage, ReleaseRequest, ReleaseSnapshot, ToolState } from './model.ts';
import { gitTagOf, gitTagPrefix } from './names.ts';
import { isBehind, newestFirst } from './version.ts';

/** Everything that is in the way of a release, apart from images whose names are taken. */
export function preflight(options: {
  request: ReleaseRequest;
  snapshot: ReleaseSnapshot;
  toBuild: readonly ReleaseImage[];
}): readonly Problem[] {
  const { snapshot, toBuild } = options;
  return [
    ...cleanTree(snapshot),
    ...pushedCommit(options),
    ...versionOrder(options),
    ...freeTag(options),
    ...wholeHistory(snapshot),
    ...identity(options),
    ...lockedBases(toBuild),
    ...builder({ snapshot, toBuild }),
    ...signer(options),
    ...scanner(options),
    ...finishedRelease(options),
    ...snapshot.refusals,
  ];
}

function cleanTree({ source }: ReleaseSnapshot): readonly Problem[] {
  const problem = changesProblem({ source, commit: 'the commit that would be released' });
  return problem === undefined ? [] : [problem];
}

function pushedCommit({
  request,
  snapshot,
}: {
  request: ReleaseRequest;
  snapshot: ReleaseSnapshot;
}): readonly Problem[] {
  if (snapshot.pushed || request.rehearsal) return [];
  return [
    {
      code: 'commit-not-pushed',
      message: `The remote repository does not have the commit ${shortCommit(snapshot.source.commit)}, so nobody could see what was released.`,
      suggestion: 'git push',
    },
  ];
}

/** A version that has been released already may be looked at again; a new one comes after all others. */
function versionOrder(options: { request: ReleaseRequest; snapshot: ReleaseSnapshot }): readonly Problem[] {
  const { request } = options;
  const versions = allTags(options).map(({ name }) => name.slice(gitTagPrefix(request.service).length));
  const [newest] = newestFirst(versions);
  if (newest === undefined || versions.includes(request.version) || isBegun(options)) return [];
  if (!isBehind(request.version, newest)) return [];
  return [
    {
      code: 'version-behind',
      message: `${request.version} is behind ${newest}, the newest version of ${request.service}.`,
      suggestion: `release a version that comes after ${newest}`,
    },
  ];
}

/** Images have the version already, of this commit: its release was interrupted, and may come to its end. */
function isBegun({ request, snapshot }: { request: ReleaseRequest; snapshot: ReleaseSnapshot }): boolean {
  return request.images.some(({ role }) => {
    const found = snapshot.images[role]?.tags[request.version];
    return found !== undefined && revisionOf(found) === snapshot.source.commit;
  });
}

function wholeHistory({ shallow }: ReleaseSnapshot): readonly Problem[] {
  if (!shallow) return [];
  return [
    {
      code: 'shallow-clone',
      message:
        'This clone has only the last commits, so it does not know what changed since the last version.',
      suggestion: 'git fetch --unshallow --tags',
    },
  ];
}

/** Reports a missing identity before images get the version. */
function identity(options: { request: ReleaseRequest; snapshot: ReleaseSnapshot }): readonly Problem[] {
  const { request, snapshot } = options;
  if (snapshot.hasIdentity || request.rehearsal) return [];
  if (allTags(options).some(({ name }) => name === gitTagOf(request))) return [];
  return [
    {
      code: 'no-git-identity',
      message: 'git has no name and no email address for the tag of the release.',
      suggestion: 'git config user.name <name> && git config user.email <address>',
    },
  ];
}

function freeTag(options: { request: ReleaseRequest; snapshot: ReleaseSnapshot }): readonly Problem[] {
  const { request, snapshot } = options;
  const name = gitTagOf(request);
  const other = allTags(options).find((tag) => tag.name === name && tag.commit !== snapshot.source.commit);
  if (other === undefined) return [];
  return [
    {
      code: 'git-tag-taken',
      message: `The tag ${name} is at ${shortCommit(other.commit)}, and this is ${shortCommit(snapshot.source.commit)}.`,
      suggestion: `release under another version, or check that commit out: git checkout ${name}`,
    },
  ];
}

function allTags({ snapshot }: { snapshot: ReleaseSnapshot }): readonly GitTag[] {
  return [...snapshot.localTags, ...snapshot.remoteTags];
}

function lockedBases(toBuild: readonly ReleaseImage[]): readonly Problem[] {
  const references = new Set(
    toBuild.flatMap(({ base }) => (base.digest === undefined ? [base.reference] : [])),
  );
  return Array.from(references, (reference) => ({
    code: 'base-not-locked',
    message: `${reference} has no digest in images.lock.yaml, so the release could contain another base than you tested.`,
    suggestion: 'arc images lock, then commit images.lock.yaml',
  }));
}

function builder(options: {
  snapshot: ReleaseSnapshot;
  toBuild: readonly ReleaseImage[];
}): readonly Problem[] {
  const { builder: tool } = options.snapshot.tools;
  if (tool.there || options.toBuild.length === 0) return [];
  return [{ code: 'no-builder', message: 'arc found no builder for the images.', ...why(tool) }];
}

/** A workspace that asks for signatures gets no release without them. */
function signer({
  request,
  snapshot,
}: {
  request: ReleaseRequest;
  snapshot: ReleaseSnapshot;
}): readonly Problem[] {
  const { signer: tool } = snapshot.tools;
  if (request.sign === 'none' || request.rehearsal || tool.there) return [];
  return [
    {
      code: 'no-signer',
      message: `arc.yaml asks for signatures (${request.sign}), and nothing can be signed here.`,
      ...why(tool, 'release by pushing the tag, so that the workflow signs, or add --unsigned'),
    },
  ];
}

function scanner({
  request,
  snapshot,
}: {
  request: ReleaseRequest;
  snapshot: ReleaseSnapshot;
}): readonly Problem[] {
  const { scanner: tool } = snapshot.tools;
  if (!request.requireScan || tool.there) return [];
  return [
    {
      code: 'no-scanner',
      message:
        'Images are only released when they are scanned (--require-scan), and nothing can scan them here.',
      ...why(tool),
    },
  ];
}

/** What a tool lacks, and how to get it or to continue without it. */
function why(
  tool: Extract<ToolState, { there: false }>,
  otherwise?: string,
): Pick<Problem, 'detail' | 'suggestion'> {
  const ways = [tool.suggestion, otherwise].filter((way) => way !== undefined);
  return { detail: [tool.reason], ...(ways.length === 0 ? {} : { suggestion: ways.join('; or ') }) };
}

/** A release that is published takes no more assets: releases of GitHub can be immutable. */
function finishedRelease({
  request,
  snapshot,
}: {
  request: ReleaseRequest;
  snapshot: ReleaseSnapshot;
}): readonly Problem[] {
  const { hosted } = snapshot;
  if (hosted === undefined || hosted.draft) return [];
  const there = new Set(hosted.assets.filter(({ complete }) => complete).map(({ name }) => name));
  const missing = assetNames({ request, sboms: false }).filter((name) => !there.has(name));
  if (missing.length === 0) return [];
  return [
    {
      code: 'release-published',
      message: `The release ${hosted.tag} is published, but lacks ${missing.join(', ')}.`,
      detail: [hosted.address],
      suggestion: 'a published release may take no more assets: release the next version',
    },
  ];
}

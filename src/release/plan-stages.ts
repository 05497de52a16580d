import type { RegistryImage } from '../registry/image.ts';
import { type ReleaseStep, type StepState, stepOf } from './actions.ts';
import { assetNames } from './asset-names.ts';
import type { ImageState, ReleaseImage, ReleaseRequest, ReleaseSnapshot, ToolState } from './model.ts';
import { gitTagOf, versionTagsOf } from './names.ts';
import { staysSigned } from './stays-signed.ts';
import { isBehind, isPrerelease, newestFirst } from './version.ts';

// One function a stage: which of its steps there are to do, from what there is.

/** Name of the tag that users of no version in particular get. */
export const latestTag = 'latest';

/** Input for planning a stage. */
export type Planning = {
  request: ReleaseRequest;
  snapshot: ReleaseSnapshot;
  kept: Readonly<Record<string, RegistryImage>>;
};

/** The image in the registry. */
export function stateOf(snapshot: ReleaseSnapshot, image: ReleaseImage): ImageState {
  return (
    snapshot.images[image.role] ?? { tags: {}, attached: { sboms: [], provenance: false, signed: false } }
  );
}

export function scans({ request, snapshot }: Planning): readonly ReleaseStep[] {
  const tool = snapshot.tools.scanner;
  return perPlatform(request).map(({ image, platform }) =>
    stepOf(
      { kind: 'scan', image, platform },
      // No registry stores the result of a scan, so arc cannot know whether there was one.
      isPublished({ request, snapshot }) && !request.requireScan
        ? { kind: 'not-run', reason: 'it is released already; --require-scan looks again' }
        : tool.there
          ? { kind: 'do', cause: `with ${tool.name}` }
          : notRun(tool),
    ),
  );
}

export function descriptions({ request, snapshot, kept }: Planning): readonly ReleaseStep[] {
  const tool = snapshot.tools.sbom;
  const attachedTo = (image: ReleaseImage) =>
    kept[image.role] === undefined ? undefined : stateOf(snapshot, image).attached;
  return [
    ...perPlatform(request).map(({ image, platform }) =>
      stepOf(
        { kind: 'sbom', image, platform },
        attachedTo(image)?.sboms.includes(platform)
          ? { kind: 'kept', because: 'it is attached' }
          : tool.there
            ? { kind: 'do', cause: `none is attached; with ${tool.name}` }
            : notRun(tool),
      ),
    ),
    ...request.images.map((image) =>
      stepOf(
        { kind: 'provenance', image },
        attachedTo(image)?.provenance
          ? { kind: 'kept', because: 'it is attached' }
          : { kind: 'do', cause: 'none is attached' },
      ),
    ),
  ];
}

export function signatures({ request, snapshot, kept }: Planning): readonly ReleaseStep[] {
  const tool = snapshot.tools.signer;
  return request.images.map((image) => {
    const action = { kind: 'sign', image } as const;
    const { attached } = stateOf(snapshot, image);
    if (
      kept[image.role] !== undefined &&
      staysSigned({ attached, platforms: request.platforms, sbom: snapshot.tools.sbom })
    )
      return stepOf(action, { kind: 'kept', because: 'it is signed' });
    if (request.rehearsal) return stepOf(action, notInRehearsal);
    return stepOf(
      action,
      tool.there
        ? {
            kind: 'do',
            cause: `${attached.signed ? 'not all of it is signed' : 'no signature'}; ${request.sign}, with ${tool.name}`,
          }
        : notRun(tool),
    );
  });
}

function notRun(tool: Extract<ToolState, { there: false }>): StepState {
  const { reason, suggestion } = tool;
  return { kind: 'not-run', reason, ...(suggestion === undefined ? {} : { suggestion }) };
}

/** Why a rehearsal leaves a step out. */
export const rehearsalReason = 'this is a rehearsal';

const notInRehearsal: StepState = { kind: 'not-run', reason: rehearsalReason };

export function tags({ request, snapshot, kept }: Planning): readonly ReleaseStep[] {
  return versionTagsOf(request).flatMap((tag) =>
    request.images.map((image) => {
      const there = stateOf(snapshot, image).tags[tag];
      const action = { kind: 'tag', image, tag } as const;
      if (there !== undefined && there.digest === kept[image.role]?.digest)
        return stepOf(action, { kind: 'kept', because: 'it is this image' });
      return stepOf(action, request.rehearsal ? notInRehearsal : { kind: 'do', cause: 'no such tag' });
    }),
  );
}

export function verifications(planning: Planning): readonly ReleaseStep[] {
  const { request } = planning;
  const tagSteps = tags(planning);
  return request.images.map((image) => {
    const action = { kind: 'verify', image, tags: versionTagsOf(request) } as const;
    if (request.rehearsal) return stepOf(action, notInRehearsal);
    const unchanged = tagSteps.every(({ state }) => state.kind === 'kept');
    return stepOf(
      action,
      unchanged
        ? { kind: 'kept', because: 'its tags were read just now' }
        : { kind: 'do', cause: 'its tags are new' },
    );
  });
}

export function gitTag({ request, snapshot }: Planning): ReleaseStep {
  const name = gitTagOf(request);
  const action = { kind: 'git-tag', name } as const;
  if (snapshot.remoteTags.some((tag) => tag.name === name))
    return stepOf(action, { kind: 'kept', because: 'it is at this commit' });
  if (request.rehearsal) return stepOf(action, notInRehearsal);
  const here = snapshot.localTags.some((tag) => tag.name === name);
  return stepOf(action, { kind: 'do', cause: here ? 'it is not pushed' : 'no such tag' });
}

export function draft({ request, snapshot }: Planning): ReleaseStep {
  const action = { kind: 'draft', tag: gitTagOf(request) } as const;
  const { hosted } = snapshot;
  if (hosted !== undefined)
    return stepOf(action, { kind: 'kept', because: hosted.draft ? 'there is a draft' : 'it is published' });
  return stepOf(action, request.rehearsal ? notInRehearsal : { kind: 'do', cause: 'no release of this tag' });
}

export function assets({ request, snapshot }: Planning): readonly ReleaseStep[] {
  return assetNames({ request, sboms: snapshot.tools.sbom.there }).map((name) => {
    const action = { kind: 'asset', name } as const;
    const there = snapshot.hosted?.assets.find((asset) => asset.name === name);
    if (isPublished({ request, snapshot }))
      return stepOf(
        action,
        there?.complete
          ? { kind: 'kept', because: 'it is published' }
          : { kind: 'not-run', reason: 'the release is published without it' },
      );
    if (request.rehearsal) return stepOf(action, notInRehearsal);
    if (there === undefined) return stepOf(action, { kind: 'do', cause: 'no such asset' });
    return stepOf(action, {
      kind: 'do',
      cause: there.complete ? 'to be compared with the one in the draft' : 'its upload was cut',
    });
  });
}

export function publish({ request, snapshot }: Planning): ReleaseStep {
  const action = { kind: 'publish', tag: gitTagOf(request) } as const;
  if (isPublished({ request, snapshot })) return stepOf(action, { kind: 'kept', because: 'it is published' });
  return stepOf(action, request.rehearsal ? notInRehearsal : { kind: 'do', cause: 'it is a draft' });
}

function isPublished({ snapshot }: Pick<Planning, 'request' | 'snapshot'>): boolean {
  return snapshot.hosted?.draft === false;
}

export function latest({ request, snapshot, kept }: Planning): readonly ReleaseStep[] {
  const newest = newestFirst(
    [...snapshot.localTags, ...snapshot.remoteTags].map(({ name }) => name.split('/').at(-1) ?? ''),
  ).find((version) => !isPrerelease(version));
  return request.images.map((image) => {
    const action = { kind: 'tag', image, tag: latestTag } as const;
    const there = stateOf(snapshot, image).tags[latestTag];
    if (there !== undefined && there.digest === kept[image.role]?.digest)
      return stepOf(action, { kind: 'kept', because: 'it is this image' });
    if (request.rehearsal) return stepOf(action, notInRehearsal);
    if (isPrerelease(request.version))
      return stepOf(action, { kind: 'not-run', reason: `${request.version} is a pre-release` });
    if (newest !== undefined && isBehind(request.version, newest))
      return stepOf(action, { kind: 'not-run', reason: `${newest} is newer` });
    return stepOf(action, {
      kind: 'do',
      cause: there === undefined ? 'no such tag' : 'it is another version',
    });
  });
}

function perPlatform(request: ReleaseRequest): readonly { image: ReleaseImage; platform: string }[] {
  return request.images.flatMap((image) => request.platforms.map((platform) => ({ image, platform })));
}

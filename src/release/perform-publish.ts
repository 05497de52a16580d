import { listCommits } from '../git/source.ts';
import { makeTag, pushTag } from '../git/tags.ts';
import { assetContent } from './assets.ts';
import { gitTagOf, gitTagPrefix } from './names.ts';
import { releaseNotes } from './notes.ts';
import type { Performed, StepOptions } from './step.ts';
import { isBehind, isPrerelease, newestFirst } from './version.ts';
import type { ReleaseWork } from './work.ts';

// The steps that are about the release as a whole: its commit, and its page on GitHub.

export async function tagCommit({ work, action }: StepOptions<'git-tag'>): Promise<Performed> {
  const { snapshot, plan, git } = work;
  const { service, version } = plan.request;
  if (!snapshot.localTags.some(({ name }) => name === action.name)) {
    await makeTag({ ...git, name: action.name, commit: plan.commit, message: `${service} ${version}` });
  }
  await pushTag({ ...git, name: action.name });
  return { kind: 'done' };
}

export async function draft({ work, progress }: Omit<StepOptions<'draft'>, 'action'>): Promise<Performed> {
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
  return { kind: 'done', outcome: { url: progress.hosted.address } };
}

/** The version that this one comes after; the notes of a release that is none itself begin at the last one that was. */
function previousVersion({ plan, snapshot }: ReleaseWork): string | undefined {
  const { service, version } = plan.request;
  const versions = newestFirst(
    snapshot.localTags.map(({ name }) => name.slice(gitTagPrefix(service).length)),
  ).filter((other) => isBehind(other, version));
  return isPrerelease(version) ? versions[0] : versions.find((other) => !isPrerelease(other));
}

export async function upload({ work, progress, action }: StepOptions<'asset'>): Promise<Performed> {
  const release = progress.hosted;
  if (release === undefined) throw new Error('no step has made the draft');
  const content = await assetContent({ work, progress, name: action.name });
  const how = await work.github.ensureAsset({ release, name: action.name, ...content });
  return how === 'kept'
    ? { kind: 'kept', because: 'it is the same' }
    : { kind: 'done', outcome: { bytes: content.bytes.length } };
}

export async function publish({
  work,
  progress,
}: Omit<StepOptions<'publish'>, 'action'>): Promise<Performed> {
  const release = progress.hosted;
  if (release === undefined) throw new Error('no step has made the draft');
  progress.hosted = await work.github.publishRelease({
    id: release.id,
    latest: !isPrerelease(work.plan.request.version),
  });
  return { kind: 'done', outcome: { url: progress.hosted.address } };
}

import { type GitContext, git } from './git.ts';

/** A tag and the commit that it stands for, whether it is annotated or not. */
export type GitTag = { name: string; commit: string };

/** Tags of the remote repository. */
export type RemoteState = {
  tags: readonly GitTag[];
  /** Whether the commit that is checked out can be had from it. */
  hasHead: boolean;
};

/** The remote repository of releases. */
const remote = 'origin';

/** Tags of this clone whose name begins with a prefix: `realtime/v`. */
export async function localTags(options: GitContext & { prefix: string }): Promise<readonly GitTag[]> {
  const { prefix, ...context } = options;
  const output = await git({
    ...context,
    args: [
      'for-each-ref',
      '--format=%(refname:strip=2) %(objectname) %(*objectname)',
      `refs/tags/${prefix}*`,
    ],
  });
  return output
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const [name = '', object = '', commit = ''] = line.split(' ');
      return { name, commit: commit === '' ? object : commit };
    });
}

/**
 * Asks the remote repository for its tags and whether it has a commit.
 *
 * @throws ArcError (exit status 1) `git-failed` if it cannot be reached
 */
export async function readRemote(
  options: GitContext & { prefix: string; commit: string },
): Promise<RemoteState> {
  const { prefix, commit, ...context } = options;
  const [listing, containing] = await Promise.all([
    git({ ...context, args: ['ls-remote', remote], remote: true }),
    git({ ...context, args: ['for-each-ref', `--contains=${commit}`, '--format=%(objectname)', 'refs'] }),
  ]);
  const refs = parseListing(listing);
  const later = new Set([commit, ...containing.split('\n')]);
  return {
    tags: refs.tags.filter(({ name }) => name.startsWith(prefix)),
    // A branch or tag of the remote that is this commit, or one that is known here and comes after it.
    hasHead: refs.objects.some((object) => later.has(object)),
  };
}

/**
 * Tags of the remote repository whose name begins with a prefix; none if the clone has no such repository.
 *
 * @throws ArcError (exit status 1) `git-failed` if it cannot be reached
 */
export async function remoteTags(options: GitContext & { prefix: string }): Promise<readonly GitTag[]> {
  const { prefix, ...context } = options;
  const known = await git({ ...context, args: ['remote'] });
  if (!known.split('\n').includes(remote)) return [];
  const args = ['ls-remote', remote, `refs/tags/${prefix}*`];
  return parseListing(await git({ ...context, args, remote: true })).tags;
}

/** Reads `git ls-remote`. An annotated tag has a second line, `refs/tags/<name>^{}`, with the commit. */
export function parseListing(output: string): { tags: readonly GitTag[]; objects: readonly string[] } {
  const tags = new Map<string, string>();
  const objects: string[] = [];
  for (const line of output.split('\n')) {
    const [object = '', ref = ''] = line.split('\t');
    if (ref === '') continue;
    objects.push(object);
    const [, name, peeled] = /^refs\/tags\/(.*?)(\^\{\})?$/.exec(ref) ?? [];
    if (name === undefined) continue;
    if (peeled !== undefined || !tags.has(name)) tags.set(name, object);
  }
  return { tags: Array.from(tags, ([name, commit]) => ({ name, commit })), objects };
}

/** Makes an annotated tag in this clone. */
export async function makeTag(
  options: GitContext & { name: string; commit: string; message: string },
): Promise<void> {
  const { name, commit, message, ...context } = options;
  await git({ ...context, args: ['tag', '--annotate', '--message', message, name, commit] });
}

/** Gives a tag of this clone to the remote repository. */
export async function pushTag(options: GitContext & { name: string }): Promise<void> {
  const { name, ...context } = options;
  const ref = `refs/tags/${name}`;
  await git({
    ...context,
    args: ['push', remote, `${ref}:${ref}`],
    remote: true,
    suggestion: `see why the remote repository does not take the tag: git push ${remote} ${name}`,
  });
}

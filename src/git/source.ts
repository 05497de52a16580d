import type { Problem } from '../core/errors.ts';
import { askGit, type GitContext, git } from './git.ts';

/** The commit that a folder is at, and the changes since. */
export type GitSource = {
  /** Whole hash of the commit that is checked out. */
  commit: string;
  /** When it was committed, in seconds since 1970. */
  epochSeconds: number;
  /** Files that are not as they were committed, new ones too, relative to the top of the repository. */
  changed: readonly string[];
};

/** As much of a commit's hash as stands in tags of images; 12 are unique in the largest of repositories. */
export const shortCommitLength = 12;

/** `1a2b3c4d5e6f` of a whole hash. */
export function shortCommit(commit: string): string {
  return commit.slice(0, shortCommitLength);
}

/** The tag of an image that is built from a commit, released or not: `sha-1a2b3c4d5e6f`. */
export function revisionTag(commit: string): string {
  return `sha-${shortCommit(commit)}`;
}

/** Whether a tag of an image says of which commit it is, and not of which version. */
export function isRevisionTag(tag: string): boolean {
  return /^sha-[0-9a-f]{12}$/.test(tag);
}

/** The commit that a folder is at; nothing outside of a repository, and before its first commit. */
export async function readGitSource(context: GitContext): Promise<GitSource | undefined> {
  const [head, status] = await Promise.all([
    askGit({ ...context, args: ['log', '-1', '--format=%H %ct'] }),
    askGit({ ...context, args: ['status', '--porcelain=v1', '-z', '--untracked-files=all'] }),
  ]);
  if (!head.ok || !status.ok) return undefined;
  const [commit = '', seconds] = head.output.split(' ');
  return { commit, epochSeconds: Number(seconds), changed: changedFiles(status.output) };
}

/** Reads `git status --porcelain=v1 -z`: two letters, a space and a path; of a renamed file the old path follows. */
export function changedFiles(output: string): readonly string[] {
  const files: string[] = [];
  const entries = output.split('\0');
  for (let at = 0; at < entries.length; at += 1) {
    const entry = entries[at] ?? '';
    if (entry === '') continue;
    files.push(entry.slice(3));
    if (/^[RC]/.test(entry)) at += 1;
  }
  return files.sort();
}

/** As many changed files as are named. */
const namedFiles = 10;

/**
 * The problem of files that differ from the commit; undefined if none does.
 *
 * @param options.commit in words: `the commit that would be released`
 * @param options.besides what else can be done, beside committing them or putting them aside
 */
export function changesProblem(options: {
  source: Pick<GitSource, 'changed'>;
  commit: string;
  besides?: string;
}): Problem | undefined {
  const { source, commit, besides } = options;
  const { changed } = source;
  if (changed.length === 0) return undefined;
  const more = changed.length - namedFiles;
  return {
    code: 'tree-not-clean',
    message: `${changed.length === 1 ? 'One file differs' : `${changed.length} files differ`} from ${commit}.`,
    detail: [...changed.slice(0, namedFiles), ...(more > 0 ? [`and ${more} more`] : [])],
    suggestion: `commit them, or put them aside: git stash --include-untracked${besides === undefined ? '' : `; ${besides}`}`,
  };
}

/** Whether the clone has only the last commits (`git clone --depth`), and does not know what came before. */
export async function isShallow(context: GitContext): Promise<boolean> {
  return (await git({ ...context, args: ['rev-parse', '--is-shallow-repository'] })) === 'true';
}

/** Whether git knows a name and an address for those who make tags here. */
export async function hasIdentity(context: GitContext): Promise<boolean> {
  return (await askGit({ ...context, args: ['var', 'GIT_COMMITTER_IDENT'] })).ok;
}

/** A commit, as far as release notes need it. */
export type GitCommit = { commit: string; subject: string; author: string };

/**
 * The commits that touched any of the paths, newest first.
 *
 * @param options.since a tag or commit whose own history is left out; all of history without one
 * @param options.paths relative to `root`
 */
export async function listCommits(
  options: GitContext & { since?: string; paths: readonly string[] },
): Promise<readonly GitCommit[]> {
  const { since, paths, ...context } = options;
  const output = await git({
    ...context,
    args: [
      'log',
      '--no-merges',
      '--format=%H%x1f%s%x1f%an',
      since === undefined ? 'HEAD' : `${since}..HEAD`,
      '--',
      ...paths,
    ],
  });
  return output
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const [commit = '', subject = '', author = ''] = line.split('\x1f');
      return { commit, subject, author };
    });
}

import { failed } from '../core/errors.ts';
import { askGit, askGitForBytes, type GitContext } from './git.ts';

/** A commit, and when it was committed, in seconds since 1970. */
export type Commit = { commit: string; epochSeconds: number };

/** The commit that a tag of this clone stands for, annotated or not; undefined if there is no such tag. */
export async function commitOfTag(options: GitContext & { tag: string }): Promise<Commit | undefined> {
  const { tag, ...context } = options;
  const answer = await askGit({
    ...context,
    // The whole name, so that no branch and no option is taken for it.
    args: ['log', '-1', '--format=%H %ct', `refs/tags/${tag}^{commit}`],
  });
  return answer.ok ? readCommit(answer.output) : undefined;
}

/** A commit of this clone by its whole hash, as an image's label has it; undefined if the clone does not have it. */
export async function findCommit(options: GitContext & { hash: string }): Promise<Commit | undefined> {
  const { hash, ...context } = options;
  // A label may say anything, an option of git too.
  if (!/^[0-9a-f]{40,64}$/.test(hash)) return undefined;
  const answer = await askGit({ ...context, args: ['log', '-1', '--format=%H %ct', `${hash}^{commit}`] });
  return answer.ok ? readCommit(answer.output) : undefined;
}

/** The commit that a person names: a branch, a tag or a hash; undefined if the clone knows no such name. */
export async function resolveCommit(
  options: GitContext & { reference: string },
): Promise<Commit | undefined> {
  const { reference, ...context } = options;
  // `--end-of-options`: a name that begins with a dash is no option.
  const answer = await askGit({
    ...context,
    args: ['log', '-1', '--format=%H %ct', '--end-of-options', `${reference}^{commit}`],
  });
  return answer.ok ? readCommit(answer.output) : undefined;
}

/**
 * Files as they were in a commit, by path relative to the root of the context.
 *
 * @throws ArcError (exit status 1) `git-failed` if the clone does not have the commit
 */
export async function committedFiles(
  options: GitContext & { commit: string; wanted: (path: string) => boolean },
): Promise<ReadonlyMap<string, Buffer>> {
  const { commit, wanted, ...context } = options;
  const listing = await askGit({ ...context, args: ['ls-tree', '-r', '-z', commit] });
  if (!listing.ok) throw unreadable(commit, listing.said);
  const files = parseTree(listing.output).filter(({ path }) => wanted(path));
  if (files.length === 0) return new Map();
  // One process for all of them: a workspace may have thousands.
  const answer = await askGitForBytes({
    ...context,
    args: ['cat-file', '--batch'],
    input: files.map(({ object }) => `${object}\n`).join(''),
  });
  if (!answer.ok) throw unreadable(commit, answer.said);
  const contents = parseBatch(answer.output);
  return new Map(
    files.map(({ path }, index) => {
      const content = contents[index];
      // A partial clone that cannot reach its remote has the names of files, but not what is in them.
      if (content === undefined) throw unreadable(commit, `git has no content of ${path}`);
      return [path, content];
    }),
  );
}

function readCommit(output: string): Commit {
  const [commit = '', seconds] = output.split(' ');
  return { commit, epochSeconds: Number(seconds) };
}

/** Reads `git ls-tree -r -z`: mode, type and name of the object, a tab, the path. Leaves out everything but files. */
function parseTree(output: string): readonly { path: string; object: string }[] {
  return output.split('\0').flatMap((entry) => {
    const [, object, path] = /^\d+ blob ([0-9a-f]+)\t([\s\S]+)$/.exec(entry) ?? [];
    return object === undefined || path === undefined ? [] : [{ path, object }];
  });
}

/**
 * Reads `git cat-file --batch`: for each object a line that ends with its size in bytes, the bytes, a line feed; or a
 * line that ends with `missing`.
 */
function parseBatch(output: Buffer): readonly (Buffer | undefined)[] {
  const contents: (Buffer | undefined)[] = [];
  for (let at = 0; at < output.length; ) {
    const lineEnd = output.indexOf('\n', at);
    const last = output.toString('latin1', at, lineEnd).split(' ').at(-1) ?? '';
    if (!/^\d+$/.test(last)) {
      contents.push(undefined);
      at = lineEnd < 0 ? output.length : lineEnd + 1;
      continue;
    }
    const size = Number(last);
    contents.push(output.subarray(lineEnd + 1, lineEnd + 1 + size));
    at = lineEnd + 1 + size + 1;
  }
  return contents;
}

function unreadable(commit: string, said: string) {
  return failed({
    code: 'git-failed',
    message: `The files of commit ${commit} cannot be read.`,
    detail: said.split('\n').filter((line) => line !== ''),
    suggestion: 'get the whole history of the repository: git fetch --tags --unshallow',
  });
}

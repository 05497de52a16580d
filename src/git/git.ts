import { failed, prerequisite } from '../core/errors.ts';
import { run } from '../host/process.ts';
import { describeEnd } from '../host/process-end.ts';

/** Where git runs, and its time limit. */
export type GitContext = { root: string; signal: AbortSignal };

/** Commands that read the disk take milliseconds; the limit allows for a network file system. */
const localMilliseconds = 20_000;

/** Time limit for commands that contact the remote repository. */
const remoteMilliseconds = 60_000;

export type GitAnswer<Output = string> =
  | { ok: true; output: Output }
  | { ok: false; status: number; said: string };

type GitCall = GitContext & {
  args: readonly string[];
  /** The command contacts the remote repository, so it may take longer. */
  remote?: boolean;
  /** Advice for a failure, if arc knows more than git's message. */
  suggestion?: string;
};

/**
 * Runs one git command. git never asks for a password: without a working login it fails.
 *
 * @throws ArcError (exit status 4) `missing-tool` if there is no git, (1) `git-failed` if it does not answer
 */
export async function askGit(options: GitCall): Promise<GitAnswer> {
  const answer = await askGitForBytes(options);
  if (!answer.ok) return answer;
  return { ok: true, output: answer.output.toString('utf8').replace(/\n$/, '') };
}

/**
 * The same for files that may not be text.
 *
 * @param options.input standard input
 */
export async function askGitForBytes(options: GitCall & { input?: string }): Promise<GitAnswer<Buffer>> {
  const { root, signal, args, remote = false, input } = options;
  const answer = await run({
    command: 'git',
    args,
    cwd: root,
    environment: { ...process.env, GIT_TERMINAL_PROMPT: '0', GIT_OPTIONAL_LOCKS: '0', LC_ALL: 'C' },
    ...(input === undefined ? {} : { input }),
    limitMilliseconds: remote ? remoteMilliseconds : localMilliseconds,
    signal,
  });
  if (answer.kind === 'missing') {
    throw prerequisite({
      code: 'missing-tool',
      message: 'git is not installed; arc needs it to find the commit that images are built from.',
      suggestion: 'apt-get install git',
    });
  }
  if (answer.kind !== 'exited') {
    throw failed({
      code: 'git-failed',
      message: `git ${args[0]} ${describeEnd(answer)}.`,
      ...(remote ? { suggestion: 'check that the remote repository can be reached: git ls-remote' } : {}),
    });
  }
  if (answer.status === 0) return { ok: true, output: answer.stdout };
  return { ok: false, status: answer.status, said: answer.stderr };
}

/**
 * The same for a command that should never fail.
 *
 * @throws ArcError (exit status 1) `git-failed` with git's own words
 */
export async function git(options: GitCall): Promise<string> {
  const answer = await askGit(options);
  if (answer.ok) return answer.output;
  throw failed({
    code: 'git-failed',
    message: `git ${options.args[0]} failed with exit status ${answer.status}.`,
    detail: withoutLogins(answer.said)
      .split('\n')
      .filter((line) => line.trim() !== ''),
    suggestion:
      options.suggestion ??
      (options.remote
        ? 'check that git can reach the repository and log in to it: git ls-remote'
        : 'see the answer of git above'),
  });
}

/** Addresses may have a user and a password or token in them. */
function withoutLogins(text: string): string {
  return text.replace(/(\w+:\/\/)[^/@\s]+@/g, '$1');
}

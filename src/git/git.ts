import { failed, prerequisite } from '../errors.ts';

/** Where git is asked, and for how long. */
export type GitContext = { root: string; signal: AbortSignal };

/** What is asked of the disk is answered in milliseconds; the limit is for a folder on a network. */
const localMilliseconds = 20_000;

/** What is asked of the remote repository. */
const remoteMilliseconds = 60_000;

export type GitAnswer =
  | { ok: true; output: string }
  | { ok: false; status: number | undefined; said: string };

/**
 * Runs one git command. Git asks nobody for a password: what it cannot do with the logins that it has, it refuses.
 *
 * @param options.remote it talks to the remote repository, so it may take longer
 * @throws ArcError (exit status 4) `missing-tool` where there is no git, (1) `git-failed` where it does not answer
 */
export async function askGit(
  options: GitContext & { args: readonly string[]; remote?: boolean },
): Promise<GitAnswer> {
  const { root, signal, args, remote = false } = options;
  // Loaded here, for most commands run no program, and it takes 14 ms.
  const { execa } = await import('execa');
  const result = await execa('git', args, {
    cwd: root,
    env: { GIT_TERMINAL_PROMPT: '0', GIT_OPTIONAL_LOCKS: '0', LC_ALL: 'C' },
    stdin: 'ignore',
    timeout: remote ? remoteMilliseconds : localMilliseconds,
    cancelSignal: signal,
    reject: false,
    stripFinalNewline: true,
  });
  signal.throwIfAborted();
  if (result.code === 'ENOENT') {
    throw prerequisite({
      code: 'missing-tool',
      message: 'git is not installed; it tells which commit images are built from.',
      suggestion: 'apt-get install git',
    });
  }
  if (result.timedOut) {
    throw failed({
      code: 'git-failed',
      message: `git ${args[0]} did not end within ${(remote ? remoteMilliseconds : localMilliseconds) / 1000} s.`,
      ...(remote ? { suggestion: 'check that the remote repository can be reached: git ls-remote' } : {}),
    });
  }
  if (result.exitCode === 0) return { ok: true, output: result.stdout };
  return { ok: false, status: result.exitCode, said: result.stderr.trim() };
}

/**
 * The same, for a command that has no reason to fail.
 *
 * @throws ArcError (exit status 1) `git-failed` with git's own words
 */
export async function git(
  options: GitContext & { args: readonly string[]; remote?: boolean },
): Promise<string> {
  const answer = await askGit(options);
  if (answer.ok) return answer.output;
  throw failed({
    code: 'git-failed',
    message: `git ${options.args[0]} failed with exit status ${answer.status}.`,
    detail: withoutLogins(answer.said)
      .split('\n')
      .filter((line) => line.trim() !== ''),
    ...(options.remote
      ? { suggestion: 'check that git can reach the repository and log in to it: git ls-remote' }
      : {}),
  });
}

/** Addresses may have a user and a password or token in them. */
function withoutLogins(text: string): string {
  return text.replace(/(\w+:\/\/)[^/@\s]+@/g, '$1');
}

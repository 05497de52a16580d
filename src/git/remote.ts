import { ArcError } from '../core/errors.ts';
import { askGit, type GitContext } from './git.ts';

/** The address of the remote repository `origin`; nothing outside of a repository, without a remote, or without git. */
export async function readOrigin(context: GitContext): Promise<string | undefined> {
  try {
    const answer = await askGit({ ...context, args: ['remote', 'get-url', 'origin'] });
    return answer.ok && answer.output !== '' ? answer.output : undefined;
  } catch (error) {
    if (error instanceof ArcError && error.code === 'missing-tool') return undefined;
    throw error;
  }
}

/** `Ada` of `git@github.com:Ada/demo.git` and of `https://github.com/Ada/demo`; nothing for any other host. */
export function githubOwner(address: string): string | undefined {
  return /^(?:[^/]+@github\.com:|\w+:\/\/(?:[^/@]*@)?github\.com(?::\d+)?\/)([^/]+)\/[^/]/.exec(address)?.[1];
}

import { failed, type Problem, prerequisite } from '../core/errors.ts';
import type { GithubRepository } from './address.ts';

/** The shape of octokit's errors. */
export type GithubFailure = Error & {
  status?: number;
  response?: { data?: { message?: string; errors?: unknown }; headers?: Record<string, string | undefined> };
};

/**
 * The error that a person sees for a failed request.
 *
 * @param options.api root of the API
 * @param options.route `GET /repos/{owner}/{repo}`
 */
export function explainGithub(options: {
  cause: unknown;
  api: string;
  repository: GithubRepository;
  route: string;
}) {
  const { cause, api, repository, route } = options;
  const { status, response, message } = cause as GithubFailure;
  const name = `${repository.owner}/${repository.repo}`;
  if (response === undefined) {
    return failed(
      {
        code: 'github-unreachable',
        message: `${new URL(api).host} does not answer: ${message}.`,
        suggestion: 'check the network, then run the same command again to go on',
      },
      cause,
    );
  }
  const said = [response.data?.message, ...errorLines(response.data?.errors)].filter(
    (line): line is string => typeof line === 'string',
  );
  if (status === 401 || status === 403 || status === 404) {
    const limited = response.headers?.['x-ratelimit-remaining'] === '0';
    return prerequisite(
      {
        code: 'github-refused',
        message: limited
          ? 'This GitHub login has reached its rate limit.'
          : status === 401
            ? 'GitHub rejected the login.'
            : `GitHub does not let this login do that in ${name}.`,
        detail: said,
        suggestion: limited
          ? `wait until ${resetTime(response.headers?.['x-ratelimit-reset'])}, then run the same command again`
          : permissionAdvice,
      },
      cause,
    );
  }
  return failed(
    {
      code: 'github-failed',
      message: `GitHub answered ${status} to ${route.split(' ')[0]} in ${name}.`,
      detail: said,
      suggestion:
        (status ?? 0) >= 500
          ? 'run the same command again to go on; https://www.githubstatus.com says whether it is GitHub'
          : 'see the answer of GitHub above',
    },
    cause,
  );
}

/** Errors come as texts, or as objects with a field, a code and sometimes a message. */
function errorLines(errors: unknown): readonly string[] {
  if (!Array.isArray(errors)) return [];
  return errors.map((error: unknown) => {
    if (typeof error !== 'object' || error === null) return String(error);
    const { resource, field, code, message } = error as Record<string, unknown>;
    return [resource, field, code, message].filter((part) => typeof part === 'string').join(' ');
  });
}

function resetTime(seconds: string | undefined): string {
  return seconds === undefined ? 'its limit is reset' : new Date(Number(seconds) * 1000).toISOString();
}

const permissionAdvice =
  'set GITHUB_TOKEN (or GH_TOKEN) to a token that may write the contents of the repository; in a workflow: permissions: contents: write';

export function noToken({ owner, repo }: GithubRepository): Problem {
  return {
    code: 'github-refused',
    message: `arc has no GitHub login, and needs one to publish a release in ${owner}/${repo}.`,
    suggestion: `${permissionAdvice}; or log in with gh auth login`,
  };
}

export function noPermission({ owner, repo }: GithubRepository): Problem {
  return {
    code: 'github-refused',
    message: `The login to GitHub may read ${owner}/${repo}, but not write to it.`,
    suggestion: permissionAdvice,
  };
}

/** Whether an error says that the login may not do what was asked. */
export function isRefusal(error: unknown): error is { problems: readonly [Problem, ...Problem[]] } {
  return (error as { code?: string }).code === 'github-refused';
}

/** Whether the same request could succeed a little later: GitHub did not answer, or has a fault (429, 5xx). */
export function isTransient(error: unknown): boolean {
  const { code, cause } = error as { code?: string; cause?: GithubFailure };
  if (code === 'github-unreachable') return true;
  return code === 'github-failed' && ((cause?.status ?? 0) >= 500 || cause?.status === 429);
}

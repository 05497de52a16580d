/** A repository on GitHub, or on a GitHub Enterprise server. */
export type GithubRepository = { owner: string; repo: string };

/** `https://github.com/owner/repo` in parts. */
export function githubRepository(address: string): GithubRepository {
  const [owner = '', repo = ''] = new URL(address).pathname.split('/').filter((part) => part !== '');
  return { owner, repo: repo.replace(/\.git$/, '') };
}

/** Address of the API: from the running workflow (GITHUB_API_URL), or known for the server. */
export function githubApi(options: {
  address: string;
  environment: Readonly<Record<string, string | undefined>>;
}): string {
  const { host, origin } = new URL(options.address);
  const named = options.environment.GITHUB_API_URL;
  if (named) return named.replace(/\/$/, '');
  return host === 'github.com' ? 'https://api.github.com' : `${origin}/api/v3`;
}

/** Root of uploads. GitHub takes them at a host of their own; an Enterprise server at a path, and others where their API is. */
export function uploadRoot(api: string): string {
  if (api === 'https://api.github.com') return 'https://uploads.github.com';
  return api.replace(/\/api\/v3$/, '/api/uploads');
}

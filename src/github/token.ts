import { Secret } from '../core/secret.ts';
import { run } from '../host/process.ts';
import { succeeded } from '../host/process-end.ts';

/** gh never prompts here, so it answers immediately or not at all. */
const helperMilliseconds = 10_000;

/**
 * Finds a login to GitHub: GITHUB_TOKEN, as workflows have it, GH_TOKEN, or what `gh auth login` has left.
 *
 * @param options.host `github.com`
 */
export async function findGithubToken(options: {
  environment: Readonly<Record<string, string | undefined>>;
  host: string;
  signal: AbortSignal;
}): Promise<Secret | undefined> {
  const { environment, host, signal } = options;
  const named = environment.GITHUB_TOKEN || environment.GH_TOKEN;
  if (named) return new Secret(named);
  const ended = await run({
    command: 'gh',
    args: ['auth', 'token', '--hostname', host],
    environment,
    limitMilliseconds: helperMilliseconds,
    signal,
  });
  const token = ended.stdout.toString('utf8').trim();
  return succeeded(ended) && token !== '' ? new Secret(token) : undefined;
}

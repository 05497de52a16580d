import { Secret } from '../core/secret.ts';

/** gh asks nobody, so it answers at once or not at all. */
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
  const { execa } = await import('execa');
  const { exitCode, stdout } = await execa('gh', ['auth', 'token', '--hostname', host], {
    env: environment,
    extendEnv: false,
    stdin: 'ignore',
    stderr: 'ignore',
    timeout: helperMilliseconds,
    cancelSignal: signal,
    reject: false,
  });
  signal.throwIfAborted();
  return exitCode === 0 && stdout ? new Secret(stdout.trim()) : undefined;
}

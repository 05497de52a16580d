import type { Secret } from '../core/secret.ts';
import { type Challenge, parseChallenge } from './challenge.ts';
import { type FoundLogin, findLogin } from './credentials.ts';
import type { Answer, Exchanger } from './exchange.ts';
import type { Repository } from './model.ts';
import { type Permission, secretsOf, UnusableAnswer, unauthorized } from './problems.ts';
import { basicAuthorization, isUsable, readToken, type Token, tokenQuestion } from './token.ts';
import { registryWords } from './words.ts';

export type Access = { repo: Repository; permission: Permission };

/** Knows what each registry wants to see, and keeps tokens for as long as they live. */
export type Authoriser = {
  /** The Authorization header by what is known so far; undefined as long as the registry has not asked for one. */
  header: (access: Access, signal: AbortSignal) => Promise<string | undefined>;
  /**
   * Another header after a refusal (401).
   *
   * @param refused what the header was that was not good enough
   * @throws ArcError `registry-unauthorized` if there is nothing else to show
   */
  afterRefusal: (
    access: Access,
    refused: { answer: Answer; header: string | undefined },
    signal: AbortSignal,
  ) => Promise<string>;
  /** The error for a refusal that is final. */
  refused: (access: Access, refusal: Answer) => Promise<Error>;
  /** Secrets that were sent to a registry, to be redacted. */
  secrets: () => readonly Secret[];
};

export function openAuthoriser(options: {
  exchanger: Exchanger;
  environment: Readonly<Record<string, string | undefined>>;
  /** Milliseconds since 1970. */
  now: () => number;
}): Authoriser {
  const { exchanger, environment, now } = options;
  const challenges = new Map<string, Challenge>();
  const logins = new Map<string, Promise<FoundLogin>>();
  const tokens = new Map<string, Promise<Token>>();
  const shown = new Set<Secret>();

  const loginTo = (registry: string): Promise<FoundLogin> => {
    const found = logins.get(registry) ?? findLogin({ registry, environment });
    logins.set(registry, found);
    return found;
  };

  const fetchToken = async (
    access: Access,
    challenge: Extract<Challenge, { scheme: 'bearer' }>,
    signal: AbortSignal,
  ): Promise<Token> => {
    const { registry } = access.repo;
    const found = await loginTo(registry);
    const { login } = found;
    for (const secret of secretsOf(found)) shown.add(secret);
    const question = tokenQuestion({ challenge, registry, scope: scopeOf(access), login });
    const answer = await exchanger.ask({ ...question, signal });
    switch (answer.status) {
      case 200: {
        const token = readToken(answer, now());
        shown.add(token.secret);
        return token;
      }
      // Docker Hub says 401; RFC 6749, 5.2 has 400 for an identity token that is not valid any more.
      case 400:
      case 401:
        throw unauthorized({ ...access, found, words: registryWords(answer), loginRefused: true });
      case 403:
        throw unauthorized({ ...access, found, words: registryWords(answer) });
      default: {
        const [status, ...words] = registryWords(answer);
        throw new UnusableAnswer(`the token server answered ${status}`, words);
      }
    }
  };

  const tokenFor: (...given: Parameters<typeof fetchToken>) => Promise<Token> = async (
    access,
    challenge,
    signal,
  ) => {
    const key = keyOf(access);
    const kept = tokens.get(key);
    if (kept) {
      const token = await kept.catch(() => undefined);
      if (token && isUsable(token, now())) return token;
      if (tokens.get(key) === kept) tokens.delete(key);
    }
    // Requests at the same time share one.
    const fetched = tokens.get(key) ?? fetchToken(access, challenge, signal);
    tokens.set(key, fetched);
    fetched.catch(() => tokens.get(key) === fetched && tokens.delete(key));
    return await fetched;
  };

  const header: Authoriser['header'] = async (access, signal) => {
    const challenge = challenges.get(access.repo.registry);
    switch (challenge?.scheme) {
      case undefined:
        return undefined;
      case 'basic': {
        const found = await loginTo(access.repo.registry);
        for (const secret of secretsOf(found)) shown.add(secret);
        return found.login?.kind === 'password' ? basicAuthorization(found.login) : undefined;
      }
      case 'bearer':
        return bearer(await tokenFor(access, challenge, signal));
      default:
        return challenge satisfies never;
    }
  };

  const refused: Authoriser['refused'] = async (access, refusal) =>
    unauthorized({
      ...access,
      found: await loginTo(access.repo.registry),
      words: registryWords(refusal),
      // A registry with a token server also answers 401 to a valid login, because it requires a token.
      loginRefused: refusal.status === 401 && challenges.get(access.repo.registry)?.scheme === 'basic',
    });

  return {
    header,
    refused,
    afterRefusal: async (access, { answer, header: before }, signal) => {
      const { registry } = access.repo;
      const challenge = parseChallenge(answer.headers['www-authenticate']);
      if (!challenge) throw await refused(access, answer);
      challenges.set(registry, challenge);
      // Another request may have fetched a new one in the meantime.
      const key = keyOf(access);
      const kept = before === undefined ? undefined : tokens.get(key);
      const token = await kept?.catch(() => undefined);
      if (token && bearer(token) === before && tokens.get(key) === kept) tokens.delete(key);
      const renewed = await header(access, signal);
      if (renewed === undefined || renewed === before) throw await refused(access, answer);
      return renewed;
    },
    secrets: () => [...shown],
  };
}

function bearer({ secret }: Token): string {
  return `Bearer ${secret.reveal()}`;
}

function keyOf(access: Access): string {
  return `${access.repo.registry} ${scopeOf(access)}`;
}

/** The scope of a token. Registries also name a scope in their refusal, but GHCR's is always for pulls. */
function scopeOf({ repo, permission }: Access): string {
  return `repository:${repo.repository}:${permission === 'push' ? 'pull,push' : 'pull'}`;
}

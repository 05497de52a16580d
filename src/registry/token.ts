import { Secret } from '../core/secret.ts';
import { isLoopback } from './address.ts';
import type { Challenge } from './challenge.ts';
import type { RegistryLogin } from './credentials.ts';
import type { Answer, Question } from './exchange.ts';
import { UnusableAnswer } from './problems.ts';
import { registryWords } from './words.ts';

/** A bearer token; `expires` in milliseconds since 1970. */
export type Token = { secret: Secret; expires: number };

type BearerChallenge = Extract<Challenge, { scheme: 'bearer' }>;

/** A token lives for a minute where the token server does not say (distribution's token specification). */
const usualSeconds = 60;
/** A token this close to its end is not used any more: it has to last for the request. */
const marginSeconds = 5;
/** Far more than tokens for many repositories take. */
const tokenLimitBytes = 256 * 1024;

/**
 * Requests a token: by GET with name and password, or anonymously; an identity token is exchanged by POST
 * (distribution's "token" and "oauth" specifications).
 *
 * @throws UnusableAnswer if the registry sends the login to a place that is not encrypted, though it is itself
 */
export function tokenQuestion(options: {
  challenge: BearerChallenge;
  registry: string;
  scope: string;
  login: RegistryLogin | undefined;
}): Omit<Question, 'signal'> {
  const { challenge, registry, scope, login } = options;
  const url = realmOf(challenge, registry);
  const parameters = { ...(challenge.service === undefined ? {} : { service: challenge.service }), scope };
  if (login?.kind === 'token') {
    const form = new URLSearchParams({
      grant_type: 'refresh_token',
      ...parameters,
      client_id: 'arc',
      refresh_token: login.token.reveal(),
    });
    return {
      method: 'POST',
      url,
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: Buffer.from(form.toString()),
      limitBytes: tokenLimitBytes,
    };
  }
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
  if (login) url.searchParams.set('account', login.username);
  return {
    method: 'GET',
    url,
    headers: login ? { authorization: basicAuthorization(login) } : {},
    limitBytes: tokenLimitBytes,
  };
}

/** A token server elsewhere is usual; one that would get the login in the open, or is on this machine, is not. */
function realmOf({ realm }: BearerChallenge, registry: string): URL {
  const url = URL.parse(realm);
  const allowed = url?.protocol === 'https:' || (url?.protocol === 'http:' && isLoopback(url.host));
  if (!url || !allowed || (isLoopback(url.host) && !isLoopback(registry))) {
    throw new UnusableAnswer(`the registry wants logins to be sent to ${url?.origin ?? 'no address'}`);
  }
  return url;
}

/** @throws UnusableAnswer */
export function readToken(answer: Answer, now: number): Token {
  let fields: { token?: unknown; access_token?: unknown; expires_in?: unknown };
  try {
    fields = (JSON.parse(answer.body.toString('utf8')) ?? {}) as typeof fields;
  } catch {
    throw new UnusableAnswer('the answer of the token server cannot be read', [registryWords(answer)[0]]);
  }
  const text = fields.token ?? fields.access_token;
  // A line break would be a header of its own.
  if (typeof text !== 'string' || !/^[\x21-\x7e]+$/.test(text)) {
    throw new UnusableAnswer('the token server gave no token', [registryWords(answer)[0]]);
  }
  const seconds = typeof fields.expires_in === 'number' ? fields.expires_in : usualSeconds;
  return { secret: new Secret(text), expires: now + seconds * 1000 };
}

export function isUsable(token: Token, now: number): boolean {
  return token.expires - marginSeconds * 1000 > now;
}

export function basicAuthorization(login: Extract<RegistryLogin, { kind: 'password' }>): string {
  return `Basic ${Buffer.from(`${login.username}:${login.password.reveal()}`).toString('base64')}`;
}

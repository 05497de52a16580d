import { describe, expect, it } from 'vitest';
import { Secret } from '../core/secret.ts';
import { isUsable, readToken, tokenQuestion } from './token.ts';

const question = (options: Partial<Parameters<typeof tokenQuestion>[0]>) =>
  tokenQuestion({
    challenge: { scheme: 'bearer', realm: 'https://ghcr.io/token', service: 'ghcr.io' },
    registry: 'ghcr.io',
    scope: 'repository:a/b:pull,push',
    login: undefined,
    ...options,
  });
const realm = (address: string, registry: string) => () =>
  question({ registry, challenge: { scheme: 'bearer', realm: address } });

describe('a token is asked for', () => {
  it('by nobody, without a login', () => {
    const { method, url, headers } = question({});
    expect(`${method} ${url}`).toBe(
      'GET https://ghcr.io/token?service=ghcr.io&scope=repository%3Aa%2Fb%3Apull%2Cpush',
    );
    expect(headers).toEqual({});
  });

  it('with name and password in a header, and not in the address', () => {
    const login = { kind: 'password', username: 'me', password: new Secret('pass:word') } as const;
    const { url, headers } = question({ login });
    expect(url.searchParams.get('account')).toBe('me');
    expect(url.href).not.toContain('word');
    expect(headers).toEqual({ authorization: `Basic ${Buffer.from('me:pass:word').toString('base64')}` });
  });

  it('with an identity token in a form, and not in the address', () => {
    const { method, url, body } = question({ login: { kind: 'token', token: new Secret('identity') } });
    expect(`${method} ${url}`).toBe('POST https://ghcr.io/token');
    expect(Object.fromEntries(new URLSearchParams(String(body)))).toEqual({
      grant_type: 'refresh_token',
      service: 'ghcr.io',
      scope: 'repository:a/b:pull,push',
      client_id: 'arc',
      refresh_token: 'identity',
    });
  });

  it('at an address that has parameters of its own', () => {
    const { url } = question({ challenge: { scheme: 'bearer', realm: 'https://a.example/auth?x=1' } });
    expect(url.searchParams.get('x')).toBe('1');
  });

  it.each([
    ['http://tokens.example/t', 'ghcr.io'],
    ['http://127.0.0.1:80/t', 'ghcr.io'],
    ['https://localhost/t', 'ghcr.io'],
    ['ftp://tokens.example/t', 'ghcr.io'],
    ['file:///etc/passwd', 'localhost:5000'],
    ['/relative', 'ghcr.io'],
  ])('never at %s for %s: a login does not go there', (address, registry) => {
    expect(realm(address, registry)).toThrow('the registry wants logins to be sent to');
  });

  it.each([
    ['https://auth.docker.io/token', 'docker.io'],
    ['http://127.0.0.1:5001/t', 'localhost:5000'],
    ['https://tokens.example/t', 'localhost:5000'],
  ])('at %s for %s', (address, registry) => {
    expect(realm(address, registry)).not.toThrow();
  });
});

describe('the answer of a token server', () => {
  const url = new URL('https://ghcr.io/token');
  const read = (body: string) =>
    readToken({ url, status: 200, headers: {}, body: Buffer.from(body) }, 1_000_000);

  it.each([
    ['{"token":"t","expires_in":300}', 1_300_000],
    ['{"access_token":"t","expires_in":60}', 1_060_000],
    ['{"token":"t","access_token":"t"}', 1_060_000],
  ])('%s holds a token that ends', (body, expires) => {
    const token = read(body);
    expect(token.expires).toBe(expires);
    expect(token.secret.reveal()).toBe('t');
    expect(isUsable(token, expires - 6_000)).toBe(true);
    expect(isUsable(token, expires - 4_000)).toBe(false);
  });

  it.each(['', '<html>', '{}', 'null', '{"token":""}', '{"token":1}', '{"token":"a\\r\\nX-Other: b"}'])(
    '%j holds none',
    (body) => {
      expect(() => read(body)).toThrow('token server');
    },
  );
});

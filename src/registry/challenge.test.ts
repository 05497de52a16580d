import { describe, expect, it } from 'vitest';
import { parseChallenge } from './challenge.ts';

describe('what a registry wants to see', () => {
  it('is a token of its token server', () => {
    const header =
      'Bearer realm="https://ghcr.io/token",service="ghcr.io",scope="repository:arc-framework/arc-cache:pull"';
    expect(parseChallenge(header)).toEqual({
      scheme: 'bearer',
      realm: 'https://ghcr.io/token',
      service: 'ghcr.io',
    });
  });

  it('is a token, without the name of a service', () => {
    expect(parseChallenge('Bearer realm="https://quay.io/v2/auth"')).toEqual({
      scheme: 'bearer',
      realm: 'https://quay.io/v2/auth',
    });
  });

  it('is a name and a password', () => {
    expect(parseChallenge('Basic realm="Registry Realm"')).toEqual({ scheme: 'basic' });
  });

  it('is told in any case, with spaces, without quotes, with quotes in quotes', () => {
    expect(parseChallenge('bearer Realm = https://a.example/t , SERVICE="the \\"one\\", really"')).toEqual({
      scheme: 'bearer',
      realm: 'https://a.example/t',
      service: 'the "one", really',
    });
  });

  it('is a token where either would do', () => {
    const expected = { scheme: 'bearer', realm: 'https://a.example/t', service: 's' };
    const token = 'Bearer realm="https://a.example/t",service="s"';
    expect(parseChallenge(`Basic realm="x", ${token}`)).toEqual(expected);
    expect(parseChallenge(`${token}, Basic realm="x"`)).toEqual(expected);
  });

  it.each([undefined, '', 'Negotiate', 'Bearer service="no-realm"', '===', '"', 'realm="Bearer"'])(
    'is not to be met: %j',
    (header) => {
      expect(parseChallenge(header)).toBeUndefined();
    },
  );
});

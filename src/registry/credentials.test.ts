import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type FoundLogin, findLogin, type HelperRunner, loginFrom } from './credentials.ts';

const auth = (text: string) => Buffer.from(text).toString('base64');
const noHelper: HelperRunner = async (helper) => {
  throw new Error(`${helper} should not be asked`);
};

/** What would reach the registry, with the secrets shown. */
function shown({ login, note }: FoundLogin) {
  if (!login) return note ?? 'nothing';
  return login.kind === 'token'
    ? `token ${login.token.reveal()}`
    : `${login.username}:${login.password.reveal()}`;
}

describe("a login in Docker's configuration", () => {
  it.each([
    ['its host name', 'ghcr.io', 'ghcr.io'],
    ['its address', 'ghcr.io', 'https://ghcr.io'],
    ["Docker Hub's old address", 'docker.io', 'https://index.docker.io/v1/'],
  ])('is found by %s', async (_case, registry, key) => {
    const config = { auths: { [key]: { auth: auth('me:pass:word') } } };
    expect(shown(await loginFrom({ config, registry, run: noHelper }))).toBe('me:pass:word');
  });

  it('is not used for another registry', async () => {
    const config = { auths: { 'ghcr.io': { auth: auth('me:x') } } };
    expect(shown(await loginFrom({ config, registry: 'quay.io', run: noHelper }))).toBe('nothing');
  });

  it('can be an identity token', async () => {
    const config = { auths: { 'ghcr.io': { auth: '', identitytoken: 'tok' } } };
    expect(shown(await loginFrom({ config, registry: 'ghcr.io', run: noHelper }))).toBe('token tok');
  });

  it('that cannot be read is said, without showing it', async () => {
    const config = { auths: { 'ghcr.io': { auth: auth('no-colon-here') } } };
    const found = await loginFrom({ config, registry: 'ghcr.io', run: noHelper });
    expect(shown(found)).toBe("the login to ghcr.io in Docker's configuration cannot be read");
  });

  it.each([
    ['cut short', auth('me:pass-word-123').slice(0, -3)],
    ['with characters that are not base64', `${auth('me:pass-word-123')}!`],
    ['of bytes that are not text', Buffer.from('me:acc\xe8s', 'latin1').toString('base64')],
  ])('is not used in part: %s', async (_case, text) => {
    const config = { auths: { 'ghcr.io': { auth: text } } };
    const found = await loginFrom({ config, registry: 'ghcr.io', run: noHelper });
    expect(shown(found)).toBe("the login to ghcr.io in Docker's configuration cannot be read");
  });

  it.each(['', 'null', '[', '"text"'])(
    'is not looked for in a file that is no configuration: %j',
    async (text) => {
      const folder = mkdtempSync(join(tmpdir(), 'arc-login-'));
      writeFileSync(join(folder, 'config.json'), text);
      const found = await findLogin({ registry: 'ghcr.io', environment: { DOCKER_CONFIG: folder } });
      rmSync(folder, { recursive: true });
      expect(found.note).toMatch(/config\.json cannot be read, so no login is used$/);
    },
  );

  it('does not show its secret when it is printed', async () => {
    const config = { auths: { 'ghcr.io': { auth: auth('me:pass-word-123') } } };
    const found = await loginFrom({ config, registry: 'ghcr.io', run: noHelper });
    expect(JSON.stringify(found)).not.toContain('pass-word-123');
  });
});

describe('a credential helper', () => {
  const answering =
    (answers: Record<string, string>): HelperRunner =>
    async (helper, server) => {
      const output = answers[`${helper} ${server}`];
      return output === undefined
        ? { output: 'credentials not found in native keychain', ok: false }
        : { output, ok: true };
    };
  const login = JSON.stringify({ ServerURL: 'x', Username: 'me', Secret: 's3cret' });

  it('of the registry comes before the general one', async () => {
    const config = { credsStore: 'desktop', credHelpers: { 'ghcr.io': 'gh' } };
    const run = answering({ 'gh ghcr.io': login });
    expect(shown(await loginFrom({ config, registry: 'ghcr.io', run }))).toBe('me:s3cret');
  });

  it('is asked for Docker Hub by its old address', async () => {
    const run = answering({ 'desktop https://index.docker.io/v1/': login });
    const found = await loginFrom({ config: { credsStore: 'desktop' }, registry: 'docker.io', run });
    expect(shown(found)).toBe('me:s3cret');
  });

  it('can give an identity token', async () => {
    const run = answering({ 'gh ghcr.io': JSON.stringify({ Username: '<token>', Secret: 'tok' }) });
    const config = { credHelpers: { 'ghcr.io': 'gh' } };
    expect(shown(await loginFrom({ config, registry: 'ghcr.io', run }))).toBe('token tok');
  });

  it('that knows nothing leaves the file to say', async () => {
    const config = { credsStore: 'desktop', auths: { 'ghcr.io': { auth: auth('file:login') } } };
    expect(shown(await loginFrom({ config, registry: 'ghcr.io', run: answering({}) }))).toBe('file:login');
  });

  it.each([
    [
      'that fails',
      { output: 'no such program', ok: false },
      'docker-credential-gh failed, so no login is used',
    ],
    [
      'that talks nonsense',
      { output: 'password is hunter2', ok: true },
      'docker-credential-gh gave an answer that cannot be read, so no login is used',
    ],
  ])('%s is named, and its answer is not shown', async (_case, answer, note) => {
    const config = { credHelpers: { 'ghcr.io': 'gh' } };
    const found = await loginFrom({ config, registry: 'ghcr.io', run: async () => answer });
    expect(found).toEqual({ note });
  });
});

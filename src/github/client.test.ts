import { createHash } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  type GithubServer,
  githubAppToken,
  githubToken,
  startGithub,
} from '../../tests/support/github-server.ts';
import { Secret } from '../core/secret.ts';
import { githubApi, githubRepository } from './address.ts';
import { type GithubClient, openGithub } from './client.ts';

let server: GithubServer;
let github: GithubClient;
const tags = new Set(['a/v1.0.0']);
const signal = new AbortController().signal;
const connect = (token?: string) =>
  openGithub({
    repository: { owner: 'o', repo: 'r' },
    api: server.api,
    token: token === undefined ? undefined : new Secret(token),
    signal,
    patience: 10,
  });
const draft = () => github.draftRelease({ tag: 'a/v1.0.0', name: 'a v1.0.0', notes: '', prerelease: false });
const asset = (name: string, text: string) => ({
  name,
  mediaType: 'text/plain',
  bytes: Buffer.from(text),
  digest: `sha256:${createHash('sha256').update(text).digest('hex')}`,
});

beforeEach(async () => {
  server = await startGithub({ repository: 'o/r', hasTag: (name) => tags.has(name) });
  github = connect(githubToken);
});
afterEach(() => server.close());

describe('a login', () => {
  test('that may write is no obstacle', async () => {
    expect(await github.refusal()).toBeUndefined();
  });

  test('that is missing, unknown or may only read is named, with what it needs', async () => {
    expect(await connect().refusal()).toMatchObject({
      message: 'arc has no GitHub login, and needs one to publish a release in o/r.',
      suggestion: expect.stringContaining('GITHUB_TOKEN'),
    });
    expect(await connect('ghp_wrong').refusal()).toMatchObject({
      message: 'GitHub rejected the login.',
      detail: ['Bad credentials'],
    });
    server.mayWrite = false;
    expect(await github.refusal()).toMatchObject({
      message: 'The login to GitHub may read o/r, but not write to it.',
      suggestion: expect.stringContaining('contents: write'),
    });
    expect(await connect(githubAppToken).refusal(), 'of an app').toBeUndefined();
  });
});

describe('a release', () => {
  test('is found by its tag, also while it is a draft, and behind a hundred others', async () => {
    expect(await github.findRelease('a/v1.0.0')).toBeUndefined();
    const made = await draft();
    for (let id = 1000; id < 1120; id += 1)
      server.releases.push({ ...(server.releases[0] as object), id, tag_name: `b/v${id}.0.0` } as never);
    expect(await github.findRelease('a/v1.0.0')).toEqual(made);
  });

  test('is drafted once, also when the answer to the first request is lost', async () => {
    server.faults.push({ method: 'POST', path: /releases$/, how: 'lost' });
    await draft();
    expect(server.releases.map(({ tag_name, draft: isDraft }) => [tag_name, isDraft])).toEqual([
      ['a/v1.0.0', true],
    ]);
  });

  test('is published, and becomes the latest only if asked for', async () => {
    const { id } = await draft();
    expect(await github.publishRelease({ id, latest: false })).toMatchObject({ draft: false });
    expect(server.releases).toMatchObject([{ draft: false, latest: false }]);
  });

  test('of a tag that is not there cannot be published, and GitHub’s reason is told', async () => {
    const { id } = await github.draftRelease({ tag: 'a/v2.0.0', name: '', notes: '', prerelease: false });
    await expect(github.publishRelease({ id, latest: false })).rejects.toMatchObject({
      code: 'github-failed',
      problems: [
        { detail: ['Validation Failed', 'Release custom Published releases must have a valid tag'] },
      ],
    });
  });
});

describe('an asset', () => {
  test('is uploaded once, and kept when it is there already', async () => {
    const release = await draft();
    expect(await github.ensureAsset({ release, ...asset('a.txt', 'one') })).toBe('uploaded');
    expect(await github.ensureAsset({ release, ...asset('a.txt', 'one') })).toBe('kept');
    expect(server.requests.filter((line) => line.startsWith('POST') && line.endsWith('assets'))).toHaveLength(
      1,
    );
    const [stored] = server.releases[0]?.assets ?? [];
    expect(String(server.content.get(stored?.id ?? 0))).toBe('one');
  });

  test('of another content is replaced', async () => {
    const release = await draft();
    await github.ensureAsset({ release, ...asset('a.txt', 'one') });
    expect(await github.ensureAsset({ release, ...asset('a.txt', 'two') })).toBe('uploaded');
    expect(server.releases[0]?.assets.map(({ id }) => String(server.content.get(id)))).toEqual(['two']);
  });

  test.each(['cut', 'lost', { status: 502 }] as const)(
    'arrives whole when its upload fails: %j',
    async (how) => {
      const release = await draft();
      server.faults.push({ method: 'POST', path: /assets$/, how });
      expect(await github.ensureAsset({ release, ...asset('a.txt', 'one') })).toBe('uploaded');
      expect(server.releases[0]?.assets).toMatchObject([{ name: 'a.txt', state: 'uploaded', size: 3 }]);
    },
  );

  test('is not taken by a published release', async () => {
    const release = await draft();
    await github.publishRelease({ id: release.id, latest: true });
    await expect(github.ensureAsset({ release, ...asset('a.txt', 'one') })).rejects.toMatchObject({
      code: 'github-failed',
      problems: [{ detail: ['Cannot upload assets to an immutable release.'] }],
    });
  });
});

describe('GitHub', () => {
  test('is asked again after a fault, and not where it says no', async () => {
    server.faults.push({ method: 'GET', path: /releases$/, how: { status: 503 } });
    expect(await github.findRelease('a/v1.0.0')).toBeUndefined();
    server.requests.length = 0;
    await expect(connect('ghp_wrong').findRelease('a/v1.0.0')).rejects.toMatchObject({
      code: 'github-refused',
    });
    expect(server.requests).toHaveLength(1);
  });

  test('that cannot be reached is named', async () => {
    const lost = openGithub({
      repository: { owner: 'o', repo: 'r' },
      api: 'http://127.0.0.1:1',
      token: new Secret(githubToken),
      signal,
      patience: 10,
    });
    await expect(
      lost.draftRelease({ tag: 't', name: '', notes: '', prerelease: false }),
    ).rejects.toMatchObject({
      code: 'github-unreachable',
      message: expect.stringContaining('127.0.0.1:1 does not answer'),
    });
  });

  test.each([
    ['https://github.com/o/r', {}, 'https://api.github.com'],
    ['https://git.example/o/r', {}, 'https://git.example/api/v3'],
    ['https://github.com/o/r', { GITHUB_API_URL: 'http://127.0.0.1:9/' }, 'http://127.0.0.1:9'],
  ])('of %s with %j is at %s', (address, environment, api) => {
    expect(githubApi({ address, environment })).toBe(api);
    expect(githubRepository(address)).toEqual({ owner: 'o', repo: 'r' });
  });
});

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { openAuthoriser } from './authorise.ts';
import { type Answer, openExchanger } from './exchange.ts';
import { type GivenAnswer, type SeenRequest, startServer } from './server.fixture.ts';

const signal = new AbortController().signal;
const closing: Array<() => unknown> = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

/** An authoriser that has been refused once, its token server, and a clock that a test moves. */
async function setUp(answer: (request: SeenRequest) => GivenAnswer) {
  const tokens = await startServer(answer);
  const folder = mkdtempSync(join(tmpdir(), 'arc-authorise-'));
  const auth = Buffer.from('me:my-password').toString('base64');
  writeFileSync(join(folder, 'config.json'), JSON.stringify({ auths: { [tokens.address]: { auth } } }));
  const environment = { DOCKER_CONFIG: folder };
  const exchanger = openExchanger(environment);
  closing.push(tokens.close, exchanger.close, () => rmSync(folder, { recursive: true }));
  const clock = { now: 0 };
  const authoriser = openAuthoriser({ exchanger, environment, now: () => clock.now });
  const access = (repository: string, permission: 'pull' | 'push' = 'pull') => ({
    repo: { registry: tokens.address, repository },
    permission,
  });
  const refusal: Answer = {
    url: new URL(`http://${tokens.address}/v2/`),
    status: 401,
    headers: { 'www-authenticate': `Bearer realm="http://${tokens.address}/token",service="s"` },
    body: Buffer.alloc(0),
  };
  return { authoriser, access, clock, tokens, refusal };
}

/** A token server that numbers its tokens. */
function numbered(): (request: SeenRequest) => GivenAnswer {
  let number = 0;
  return () => {
    number += 1;
    return { status: 200, body: JSON.stringify({ token: `token-${number}`, expires_in: 300 }) };
  };
}

const first = { header: undefined };

it('shows nothing to a registry that has not asked', async () => {
  const { authoriser, access, tokens } = await setUp(numbered());
  expect(await authoriser.header(access('a'), signal)).toBeUndefined();
  expect(tokens.seen).toEqual([]);
});

it('uses a token for its repository and permission until shortly before it ends', async () => {
  const { authoriser, access, clock, refusal, tokens } = await setUp(numbered());
  expect(await authoriser.afterRefusal(access('a'), { ...first, answer: refusal }, signal)).toBe(
    'Bearer token-1',
  );
  clock.now = 290_000;
  expect(await authoriser.header(access('a'), signal)).toBe('Bearer token-1');
  expect(await authoriser.header(access('a', 'push'), signal)).toBe('Bearer token-2');
  expect(await authoriser.header(access('b'), signal)).toBe('Bearer token-3');
  clock.now = 296_000;
  expect(await authoriser.header(access('a'), signal)).toBe('Bearer token-4');
  expect(tokens.seen.map(({ line }) => new URL(line.slice(4), 'http://x').searchParams.get('scope'))).toEqual(
    ['repository:a:pull', 'repository:a:pull,push', 'repository:b:pull', 'repository:a:pull'],
  );
});

it('fetches one token for what is asked at the same time', async () => {
  const { authoriser, access, refusal, tokens } = await setUp(numbered());
  const headers = await Promise.all(
    [1, 2, 3].map(() => authoriser.afterRefusal(access('a'), { ...first, answer: refusal }, signal)),
  );
  expect(headers).toEqual(['Bearer token-1', 'Bearer token-1', 'Bearer token-1']);
  expect(tokens.seen).toHaveLength(1);
});

it('fetches another where a token is not taken any more; once, for all that were refused with it', async () => {
  const { authoriser, access, refusal, tokens } = await setUp(numbered());
  const header = await authoriser.afterRefusal(access('a'), { ...first, answer: refusal }, signal);
  const again = await Promise.all(
    [1, 2].map(() => authoriser.afterRefusal(access('a'), { header, answer: refusal }, signal)),
  );
  expect(again).toEqual(['Bearer token-2', 'Bearer token-2']);
  expect(tokens.seen).toHaveLength(2);
});

it('gives up where the token server has only the one that was refused', async () => {
  const { authoriser, access, refusal } = await setUp(() => ({ status: 200, body: '{"token":"same"}' }));
  const header = await authoriser.afterRefusal(access('a'), { ...first, answer: refusal }, signal);
  await expect(
    authoriser.afterRefusal(access('a'), { header, answer: refusal }, signal),
  ).rejects.toMatchObject({ code: 'registry-unauthorized' });
});

it('asks the token server again after it has failed', async () => {
  const answers: GivenAnswer[] = [{ status: 503 }, { status: 200, body: '{"token":"late"}' }];
  const { authoriser, access, refusal } = await setUp(() => answers.shift() ?? { status: 404 });
  const refused = { ...first, answer: refusal };
  await expect(authoriser.afterRefusal(access('a'), refused, signal)).rejects.toMatchObject({
    name: 'TransientFailure',
  });
  expect(await authoriser.afterRefusal(access('a'), refused, signal)).toBe('Bearer late');
});

it('is told by the token server that a login is not good', async () => {
  const body = '{"errors":[{"code":"UNAUTHORIZED","message":"no my-password for you"}]}';
  const { authoriser, access, refusal } = await setUp(() => ({ status: 401, body }));
  const error = await authoriser
    .afterRefusal(access('a', 'push'), { ...first, answer: refusal }, signal)
    .catch((cause: unknown) => cause);
  expect(error).toMatchObject({ code: 'registry-unauthorized', status: 4 });
  expect(JSON.stringify((error as { problems: unknown }).problems)).toContain('no [redacted] for you');
});

it('keeps in mind what must not be shown', async () => {
  const { authoriser, access, refusal } = await setUp(numbered());
  await authoriser.afterRefusal(access('a'), { ...first, answer: refusal }, signal);
  expect(authoriser.secrets().map((secret) => secret.reveal())).toEqual(['my-password', 'token-1']);
});

it('cannot meet what it does not know', async () => {
  const { authoriser, access, refusal } = await setUp(numbered());
  const answer = { ...refusal, headers: { 'www-authenticate': 'Negotiate' } };
  await expect(authoriser.afterRefusal(access('a'), { ...first, answer }, signal)).rejects.toMatchObject({
    code: 'registry-unauthorized',
  });
});

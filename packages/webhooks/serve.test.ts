import { createHash } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import { AccessToken, type WebhookEvent } from 'livekit-server-sdk';
import { afterEach, describe, expect, it } from 'vitest';
import type { Accept } from './events/accept.ts';
import { webhookPath } from './events/path.ts';
import { verifier } from './events/verify.ts';
import type { Verdict } from './health.ts';
import { type Outcome, serve } from './serve.ts';
import { SpoolError } from './spool/spool.ts';

const key = 'devkey';
const secret = 'devsecret-for-local-development-only';

/** What LiveKit sends as `Authorization`: a token with the body's digest. */
async function signature(body: string, options: { secret?: string; key?: string } = {}): Promise<string> {
  const token = new AccessToken(options.key ?? key, options.secret ?? secret, { ttl: '5m' });
  token.sha256 = createHash('sha256').update(body).digest('base64');
  return await token.toJwt();
}

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

async function started(options: { accept?: Accept; verdict?: Verdict; metrics?: () => string } = {}) {
  const outcomes: Outcome[] = [];
  const events: WebhookEvent[] = [];
  const server = await serve({
    port: 0,
    verify: verifier({ key, secret }),
    accept:
      options.accept ??
      (async (event) => {
        events.push(event);
        return 'kept';
      }),
    count: (outcome) => void outcomes.push(outcome),
    health: () => options.verdict ?? { level: 'ok', said: '3 delivered, 0 on their way' },
    metrics: options.metrics ?? (() => 'arc_webhooks_received_total 1\n'),
    status: () => ({ waiting: 0 }),
  });
  closers.push(
    () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  );
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const post = async (body: string, authorization?: string) =>
    await fetch(`${origin}${webhookPath}`, {
      method: 'POST',
      body,
      headers: { 'content-type': 'application/webhook+json', ...(authorization && { authorization }) },
    });
  return { origin, post, outcomes, events };
}

const body = JSON.stringify({
  event: 'room_started',
  id: 'EV_1',
  room: { name: 'hall', sid: 'RM_1' },
  fieldOfNextYear: { a: 1 },
});

describe('a webhook', () => {
  it('that LiveKit signed is taken, also with fields that nobody knows yet', async () => {
    const { post, outcomes, events } = await started();
    const { status } = await post(body, await signature(body));
    expect([status, outcomes, events[0]?.room?.name]).toEqual([200, ['kept'], 'hall']);
  });

  it.each([
    ['no signature', undefined],
    ['the signature of another body', signature(`${body} `)],
    ['the signature of another key', signature(body, { key: 'other', secret })],
    ['the signature of another secret', signature(body, { secret: 'another-secret-of-the-same-length!!!' })],
    ['something else for a signature', 'Bearer nothing'],
  ])('with %s is refused with 401', async (_, authorization) => {
    const { post, outcomes, events } = await started();
    const { status } = await post(body, await authorization);
    expect([status, outcomes, events]).toEqual([401, ['unsigned'], []]);
  });

  it('that is signed and no event is refused with 400, so that LiveKit does not send it again', async () => {
    const { post, outcomes } = await started();
    for (const wrong of ['{', '{"room": 7}', '[]']) {
      const { status } = await post(wrong, await signature(wrong));
      expect([wrong, status]).toEqual([wrong, 400]);
    }
    expect(outcomes).toEqual(['unreadable', 'unreadable', 'unreadable']);
  });

  it('that is too long is refused with 413 before it is read', async () => {
    const { post, outcomes } = await started();
    const long = 'x'.repeat(600_000);
    expect((await post(long, await signature(long))).status).toBe(413);
    expect(outcomes).toEqual(['too_large']);
  });

  it('that is too long is refused with 413, also where it does not say how long it is', async () => {
    const { origin, outcomes } = await started();
    const stream = new Blob(['x'.repeat(600_000)]).stream();
    const asked = new Request(`${origin}${webhookPath}`, { method: 'POST', body: stream, duplex: 'half' });
    expect((await fetch(asked)).status).toBe(413);
    expect(outcomes).toEqual(['too_large']);
  });

  it('that meets a fault of the program is sent again, and counted', async () => {
    const { post, outcomes } = await started({ accept: () => Promise.reject(new TypeError('a fault')) });
    const answer = await post(body, await signature(body));
    expect([answer.status, answer.headers.get('retry-after'), await answer.text()]).toEqual([
      503,
      '10',
      'a fault\n',
    ]);
    expect(outcomes).toEqual(['failed']);
  });

  it('that cannot be kept is answered with 503 and when to send it again', async () => {
    const { post, outcomes } = await started({
      accept: () => Promise.reject(new SpoolError('full', 'the disk is full')),
    });
    const answer = await post(body, await signature(body));
    expect([answer.status, answer.headers.get('retry-after'), await answer.text()]).toEqual([
      503,
      '10',
      'the disk is full\n',
    ]);
    expect(outcomes).toEqual(['full']);
  });
});

describe('the page of health', () => {
  it.each([
    [{ level: 'ok', said: 'well' }, 200, null],
    [{ level: 'warning', said: '3 events wait' }, 200, 'warning'],
    [{ level: 'failed', said: 'the disk is full' }, 503, null],
  ] as const)('says %j', async (verdict, status, header) => {
    const { origin } = await started({ verdict });
    const answer = await fetch(`${origin}/health`);
    expect([answer.status, answer.headers.get('arc-health'), await answer.text()]).toEqual([
      status,
      header,
      `${verdict.said}\n`,
    ]);
  });

  it('is not the one that says whether the program runs', async () => {
    const { origin } = await started({ verdict: { level: 'failed', said: 'the disk is full' } });
    expect((await fetch(`${origin}/`)).status).toBe(200);
  });
});

it('a page that fails says why', async () => {
  const { origin } = await started({
    metrics: () => {
      throw new Error('no such counter');
    },
  });
  const answer = await fetch(`${origin}/metrics`);
  expect([answer.status, await answer.text()]).toEqual([500, 'no such counter\n']);
});

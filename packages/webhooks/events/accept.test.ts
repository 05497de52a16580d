import { WebhookEvent } from 'livekit-server-sdk';
import { describe, expect, it } from 'vitest';
import { openSpans } from '../../spans/spans.ts';
import type { Kept, Spool } from '../spool/spool.ts';
import { acceptor, laneOf } from './accept.ts';
import type { Received } from './received.ts';

function event(fields: object): WebhookEvent {
  return WebhookEvent.fromJson({ event: 'track_published', ...fields } as never);
}

/** A spool whose writes end when the test says so. */
function slowSpool() {
  const appended: Received[] = [];
  const ends: { keep: () => void; fail: (cause: Error) => void }[] = [];
  const spool: Spool = {
    append: (received) => {
      appended.push(received);
      const { promise, resolve, reject } = Promise.withResolvers<Kept>();
      const { lane, at } = received;
      ends.push({ keep: () => resolve({ lane, at, segment: 1, offset: 0, length: 1 }), fail: reject });
      return promise;
    },
    read: () => Promise.reject(new Error('not part of this test')),
    delivered: () => Promise.reject(new Error('not part of this test')),
    size: () => ({ bytes: 0, events: 0 }),
    close: async () => {},
  };
  return { spool, appended, ends };
}

function acceptInto(spool: Spool, known: readonly string[] = []) {
  const kept: Kept[] = [];
  const accept = acceptor({
    spool,
    known,
    onKept: (one) => void kept.push(one),
    now: () => new Date('2026-11-30T12:00:00Z'),
    spans: openSpans({ service: 'test', url: '' }),
  });
  return { accept, kept };
}

describe('an event', () => {
  it('that LiveKit sends again is kept once, and both wait for the disk', async () => {
    const { spool, appended, ends } = slowSpool();
    const { accept, kept } = acceptInto(spool);
    const first = accept(event({ id: 'EV_1' }), '{}');
    const second = accept(event({ id: 'EV_1' }), '{}');
    ends[0]?.keep();
    expect(await Promise.all([first, second])).toEqual(['kept', 'known']);
    expect(appended).toHaveLength(1);
    expect(kept).toHaveLength(1);
  });

  it('that could not be kept is kept when it comes again', async () => {
    const { spool, appended, ends } = slowSpool();
    const { accept } = acceptInto(spool);
    const first = accept(event({ id: 'EV_1' }), '{}');
    ends[0]?.fail(new Error('the disk is full'));
    await expect(first).rejects.toThrow('the disk is full');
    const second = accept(event({ id: 'EV_1' }), '{}');
    ends[1]?.keep();
    expect(await second).toBe('kept');
    expect(appended).toHaveLength(2);
  });

  it('that an earlier process kept is not kept again', async () => {
    const { spool } = slowSpool();
    expect(await acceptInto(spool, ['EV_1']).accept(event({ id: 'EV_1' }), '{}')).toBe('known');
  });

  it('begins a trace of its own', async () => {
    const { spool, appended, ends } = slowSpool();
    const { accept } = acceptInto(spool);
    const work = ['EV_1', 'EV_2'].map((id) => accept(event({ id }), '{}'));
    for (const { keep } of ends) keep();
    await Promise.all(work);
    const [one, other] = appended.map(({ traceparent }) => traceparent);
    expect(one).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/);
    expect(one).not.toBe(other);
  });
});

describe('the order of events', () => {
  it.each([
    [{ room: { name: 'hall', sid: 'RM_1' }, participant: { identity: 'ada' } }, 'room/hall'],
    [{ egressInfo: { egressId: 'EG_1', roomName: 'hall' } }, 'room/hall'],
    [{ ingressInfo: { ingressId: 'IN_1', roomName: 'hall' } }, 'room/hall'],
    [{ egressInfo: { egressId: 'EG_1' } }, 'egress/EG_1'],
    [{ ingressInfo: { ingressId: 'IN_1' } }, 'ingress/IN_1'],
    [{}, 'other'],
  ])('of %j is that of %s', (fields, lane) => {
    expect(laneOf(event(fields))).toBe(lane);
  });
});

import { describe, expect, it } from 'vitest';
import { received } from '../events/received.fixture.ts';
import type { Received } from '../events/received.ts';
import type { Kept, Spool } from '../spool/spool.ts';
import { deliver, type Send } from './deliver.ts';

/** A spool that never loses anything, except what `lost` names. */
function spoolOf(events: readonly Received[], lost: readonly string[] = []) {
  const noted: string[] = [];
  const kept: Kept[] = events.map(({ lane, at }, offset) => ({ segment: 1, offset, length: 1, lane, at }));
  const spool: Spool = {
    append: () => Promise.reject(new Error('not part of this test')),
    read: async ({ offset }) => events.find(({ id }, index) => index === offset && !lost.includes(id)),
    delivered: async ({ offset }) => void noted.push(events[offset]?.id ?? ''),
    size: () => ({ bytes: 0, events: events.length - noted.length }),
    close: async () => {},
  };
  return { spool, kept, noted };
}

/** Nothing is waited for: a pause is over in the next turn of the event loop. */
const sleep = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

function start(options: {
  events: readonly Received[];
  send: Send;
  lost?: readonly string[];
  signal?: AbortSignal;
}) {
  const { spool, kept, noted } = spoolOf(options.events, options.lost);
  const signal = options.signal ?? new AbortController().signal;
  return { ...deliver({ spool, send: options.send, waiting: kept, sleep, signal }), noted };
}

const ofRoom = (room: string, ids: readonly string[]): Received[] =>
  ids.map((id) => received({ id, lane: `room/${room}` }));

describe('delivery', () => {
  it('keeps the order of a room, also where one event takes several attempts', async () => {
    const sent: string[] = [];
    let failures = 3;
    const delivery = start({
      events: ofRoom('hall', ['a', 'b', 'c']),
      send: async ({ id }) => {
        if (id === 'b' && failures > 0) {
          failures -= 1;
          throw new Error('no answer');
        }
        sent.push(id);
      },
    });
    await delivery.ended();
    expect(sent).toEqual(['a', 'b', 'c']);
    expect(delivery.noted).toEqual(['a', 'b', 'c']);
    expect(delivery.state()).toEqual({ delivered: 3, failures: 3, unreadable: 0 });
  });

  it('goes on in other rooms while one waits, and says since when and why', async () => {
    const stop = new AbortController();
    const sent: string[] = [];
    const delivery = start({
      events: [...ofRoom('hall', ['a', 'b']), ...ofRoom('yard', ['x', 'y'])],
      send: async ({ id, lane }) => {
        if (lane === 'room/hall') throw new Error('no permission to publish');
        sent.push(id);
        if (id === 'y') setImmediate(() => stop.abort());
      },
      signal: stop.signal,
    });
    await delivery.ended();
    expect(sent).toEqual(['x', 'y']);
    expect(delivery.noted).toEqual(['x', 'y']);
  });

  it('names the oldest event that waits, with the reason', async () => {
    const stop = new AbortController();
    const delivery = start({
      events: [
        received({ lane: 'room/new', at: '2026-11-30T12:00:05.000Z' }),
        received({ lane: 'room/old', at: '2026-11-30T12:00:01.000Z' }),
      ],
      send: ({ lane }) => Promise.reject(new Error(`${lane} is refused`)),
      signal: stop.signal,
    });
    await sleep();
    await sleep();
    expect(delivery.state()).toMatchObject({
      oldest: '2026-11-30T12:00:01.000Z',
      failure: 'room/old is refused',
    });
    stop.abort();
    await delivery.ended();
  });

  it('counts what the disk has lost, and does not wait for it', async () => {
    const delivery = start({
      events: ofRoom('hall', ['a', 'b']),
      lost: ['a'],
      send: async () => {},
    });
    await delivery.ended();
    expect(delivery.state()).toEqual({ delivered: 1, failures: 0, unreadable: 1 });
  });

  it('sends no more than 32 events at the same time, and all of them in the end', async () => {
    let now = 0;
    let most = 0;
    const delivery = start({
      events: Array.from({ length: 100 }, (_, index) => received({ id: `${index}`, lane: `room/${index}` })),
      send: async () => {
        now += 1;
        most = Math.max(most, now);
        await sleep();
        now -= 1;
      },
    });
    await delivery.ended();
    expect(most).toBe(32);
    expect(delivery.state().delivered).toBe(100);
  });
});

import type { Received } from './received.ts';

/** An event as the spool has it: the second of room `hall`, unless something else is said. */
export function received(fields: Partial<Received> = {}): Received {
  return {
    id: 'EV_2',
    event: 'track_published',
    lane: 'room/hall',
    at: '2026-11-30T12:00:00.000Z',
    traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
    body: '{"event":"track_published"}',
    ...fields,
  };
}

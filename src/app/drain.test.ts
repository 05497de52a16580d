import { describe, expect, it } from 'vitest';
import { virtualClock } from '../../tests/fixtures/virtual-clock.ts';
import type { ArcEvent } from '../core/event.ts';
import type { ServerLoss } from '../providers/provider.ts';
import { drain } from './drain.ts';

const rooms = (text: string): ServerLoss => ({ role: 'realtime', kind: 'live', text });

/** Drains a server whose rooms are these at each question, the last for ever. */
async function drained(options: { answers: readonly (readonly ServerLoss[])[]; milliseconds?: number }) {
  const events: ArcEvent[] = [];
  let asked = 0;
  const outcome = await drain({
    ask: async () => options.answers[Math.min(asked++, options.answers.length - 1)] ?? [],
    milliseconds: options.milliseconds ?? 60_000,
    clock: virtualClock(),
    signal: new AbortController().signal,
    emit: (event) => events.push(event),
  }).catch((error: unknown) => error);
  const shown = events.map((event) =>
    event.type === 'step' ? `${event.phase} ${event.role} ${event.answer?.reply ?? ''}`.trim() : event.type,
  );
  return { outcome, shown, asked };
}

describe('drain', () => {
  it('waits until nobody is in a room, and says who still is', async () => {
    const answers = [[rooms('2 rooms, 5 participants')], [rooms('1 room, 1 participant')], []];
    expect(await drained({ answers })).toEqual({
      outcome: undefined,
      asked: 3,
      shown: [
        'running realtime 2 rooms, 5 participants',
        'running realtime 1 room, 1 participant',
        'done realtime',
      ],
    });
  });

  it('does not wait where nothing is live, for stored data does not drain', async () => {
    const data: ServerLoss = { role: 'storage', kind: 'data', text: '12 objects, 4 MB' };
    expect(await drained({ answers: [[data]] })).toMatchObject({ outcome: undefined, asked: 1, shown: [] });
  });

  it('gives up at its deadline, and names what is left', async () => {
    const { outcome, shown } = await drained({
      answers: [[rooms('1 room, 2 participants')]],
      milliseconds: 5_000,
    });
    expect(outcome).toMatchObject({
      problems: [
        {
          code: 'not-drained',
          message: 'After 5 s there is still 1 room, 2 participants (realtime). Nothing was changed.',
        },
      ],
    });
    expect(shown.at(-1)).toBe('failed realtime');
  });
});

import { describe, expect, it } from 'vitest';
import { audioSink } from './audio-sink.ts';

/** A source that takes a block when it is told to, and notes what it was given; it is 1000 now. */
function source(queued = 0) {
  const notes: (number | string)[] = [];
  const pending: { take: () => void; refuse: () => void }[] = [];
  const send = audioSink<number | string>({
    now: () => 1_000,
    queued: () => queued,
    capture: (block) => {
      notes.push(block);
      return new Promise((resolve, reject) => pending.push({ take: resolve, refuse: reject }));
    },
    silence: (milliseconds) => `${milliseconds} ms of silence`,
    clear: () => notes.push('clear'),
  });
  const next = async (how: 'take' | 'refuse'): Promise<void> => {
    pending.shift()?.[how]();
    await Promise.resolve();
    await new Promise((resolve) => setImmediate(resolve));
  };
  return { send, notes, next };
}

describe('blocks of sound', () => {
  it('are given one after another', async () => {
    const { send, notes, next } = source();
    for (const block of [1, 2, 3]) send(block, 1_000);
    expect(notes).toEqual([1]);
    await next('take');
    await next('take');
    expect(notes).toEqual([1, 2, 3]);
  });

  it('that would be heard at their time, more or less, are given as they are', () => {
    for (const leavesAt of [1_041, 1_060, 1_079]) {
      const { send, notes } = source(60);
      send(1, leavesAt);
      expect(notes).toEqual([1]);
    }
  });

  it('that would be heard too early have silence before them, for as long', async () => {
    const { send, notes, next } = source(10);
    send(1, 1_062);
    expect(notes).toEqual(['50 ms of silence']);
    await next('take');
    expect(notes).toEqual(['50 ms of silence', 1]);
  });

  it('that would be heard too late are left out', async () => {
    const { send, notes } = source(61);
    send(1, 1_040);
    await Promise.resolve();
    expect(notes).toEqual([]);
  });

  it('never have more than 100 ms of silence before them', () => {
    const { send, notes } = source();
    send(1, 9_000);
    expect(notes).toEqual(['100 ms of silence']);
  });

  it('that are refused are lost, and the next ones are given', async () => {
    const { send, notes, next } = source();
    for (const block of [1, 2]) send(block, 1_000);
    await next('refuse');
    expect(notes).toEqual([1, 'clear', 2]);
  });

  it('that are too many are let go, up to the newest', async () => {
    const { send, notes, next } = source();
    for (const block of [1, 2, 3, 4, 5, 6, 7]) send(block, 1_000);
    await next('take');
    expect(notes).toEqual([1, 'clear', 7]);
  });
});

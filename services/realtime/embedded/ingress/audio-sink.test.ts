import { describe, expect, it } from 'vitest';
import { audioSink } from './audio-sink.ts';

/** A source that takes a block when it is told to, and notes what it was given. */
function source(queued = 0) {
  const notes: (number | string)[] = [];
  const pending: { take: () => void; refuse: () => void }[] = [];
  const send = audioSink<number>({
    capture: (block) => {
      notes.push(block);
      return new Promise((resolve, reject) => pending.push({ take: resolve, refuse: reject }));
    },
    clear: () => notes.push('clear'),
    queued: () => queued,
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
    for (const block of [1, 2, 3]) send(block);
    expect(notes).toEqual([1]);
    await next('take');
    await next('take');
    expect(notes).toEqual([1, 2, 3]);
  });

  it('are left out where enough is queued already', () => {
    const { send, notes } = source(61);
    send(1);
    expect(notes).toEqual([]);
  });

  it('that are refused are lost, and the next ones are given', async () => {
    const { send, notes, next } = source();
    for (const block of [1, 2]) send(block);
    await next('refuse');
    expect(notes).toEqual([1, 'clear', 2]);
  });

  it('that are too many are let go, up to the newest', async () => {
    const { send, notes, next } = source();
    for (const block of [1, 2, 3, 4, 5, 6, 7]) send(block);
    await next('take');
    expect(notes).toEqual([1, 'clear', 7]);
  });
});

import { describe, expect, it } from 'vitest';
import { type Due, streamClock } from './clock.ts';

/** A clock of two tracks, and how often it began anew. */
function clocks({ isLive = true } = {}) {
  let restarts = 0;
  let skipped = 0;
  const track = streamClock({
    isLive,
    skipped: (milliseconds) => {
      skipped += milliseconds;
    },
    restarted: () => {
      restarts += 1;
    },
  });
  return { audio: track(0), video: track(60), restarts: () => restarts, skipped: () => skipped };
}

describe('the clock of a stream', () => {
  it('begins with the first block, wherever in the stream that is', () => {
    const { audio } = clocks();
    expect(audio(5_000, 100)).toEqual({ at: 100, skipped: false });
    expect(audio(5_020, 101)).toEqual({ at: 120, skipped: false });
  });

  it('is the same for all tracks, but for a constant delay', () => {
    const { audio, video } = clocks();
    audio(0, 1_000);
    expect(audio(200, 1_000)).toEqual({ at: 1_200, skipped: false });
    expect(video(200, 1_000)).toEqual({ at: 1_260, skipped: false });
  });

  it('bears what is a little late, and drops what is more', () => {
    const { audio } = clocks();
    audio(0, 0);
    expect(audio(20, 80)).toEqual({ at: 20, skipped: false });
    expect(audio(40, 101)).toBe('late');
    expect(audio(60, 102)).toEqual({ at: 60, skipped: false });
  });

  it('goes on after a standstill from where the stream does, for both tracks', () => {
    const { audio, video, restarts } = clocks();
    audio(0, 0);
    expect(audio(20, 5_000)).toBe('late');
    expect(audio(40, 5_399)).toBe('late');
    expect(audio(60, 5_400)).toEqual({ at: 5_400, skipped: false });
    expect(restarts()).toBe(1);
    expect(video(60, 5_400)).toEqual({ at: 5_460, skipped: false });
  });

  it('does not take one track that is in time for the other', () => {
    const { audio, video, restarts } = clocks();
    audio(0, 0);
    for (let now = 20; now <= 600; now += 20) {
      audio(now, now);
      video(now - 300, now);
    }
    expect(restarts()).toBe(1);
  });

  // Stands still for five seconds, and then sends at once what it had for that time.
  const missed = (clock: ReturnType<typeof clocks>): void => {
    clock.audio(0, 0);
    for (let now = 5_020; now <= 5_420; now += 20) clock.audio(now - 5_000, now);
  };

  it('skips what a live stream missed, step by step, and keeps half a second of it', () => {
    const both = clocks();
    missed(both);
    const sent: Due[] = [];
    for (let position = 440; position <= 6_500; position += 20) sent.push(both.audio(position, 5_420));
    const steps = sent.filter((due) => due !== 'late' && due.skipped);
    expect(steps.length).toBeGreaterThan(10);
    expect(steps.at(0)).toEqual({ at: 5_420, skipped: true });
    expect(both.skipped()).toBe(4_500);
    // It was sent at its own position at first.
    expect(sent.at(-1)).toEqual({ at: 7_000, skipped: false });
    expect(both.video(6_500, 5_420)).toEqual({ at: 7_060, skipped: true });
  });

  it('misses nothing of a file, however long it stood still', () => {
    const both = clocks({ isLive: false });
    missed(both);
    expect(both.audio(6_420, 5_420)).toEqual({ at: 11_420, skipped: false });
  });

  it('keeps what a live stream does not make up for', () => {
    const both = clocks();
    missed(both);
    for (let position = 440; position <= 6_500; position += 20)
      expect(both.audio(position, position + 5_000)).toEqual({ at: position + 5_000, skipped: false });
  });
});

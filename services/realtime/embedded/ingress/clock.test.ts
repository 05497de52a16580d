import { describe, expect, it } from 'vitest';
import { streamClock } from './clock.ts';

/** A clock of two tracks, and how often it began anew. */
function clocks() {
  let restarts = 0;
  const track = streamClock({
    restarted: () => {
      restarts += 1;
    },
  });
  return { audio: track(0), video: track(60), restarts: () => restarts };
}

describe('the clock of a stream', () => {
  it('begins with the first block, wherever in the stream that is', () => {
    const { audio } = clocks();
    expect(audio(5_000, 100)).toEqual({ at: 100 });
    expect(audio(5_020, 101)).toEqual({ at: 120 });
  });

  it('is the same for all tracks, but for a constant delay', () => {
    const { audio, video } = clocks();
    audio(0, 1_000);
    expect(audio(200, 1_000)).toEqual({ at: 1_200 });
    expect(video(200, 1_000)).toEqual({ at: 1_260 });
  });

  it('bears what is a little late, and drops what is more', () => {
    const { audio } = clocks();
    audio(0, 0);
    expect(audio(20, 80)).toEqual({ at: 20 });
    expect(audio(40, 101)).toBe('late');
    expect(audio(60, 102)).toEqual({ at: 60 });
  });

  it('goes on after a standstill from where the stream does, for both tracks', () => {
    const { audio, video, restarts } = clocks();
    audio(0, 0);
    expect(audio(20, 5_000)).toBe('late');
    expect(audio(40, 5_399)).toBe('late');
    expect(audio(60, 5_400)).toEqual({ at: 5_400 });
    expect(restarts()).toBe(1);
    expect(video(60, 5_400)).toEqual({ at: 5_460 });
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
});

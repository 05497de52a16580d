import { describe, expect, it } from 'vitest';
import { VoiceClock } from './voice-clock.ts';

/** Blocks of 10 samples, 10 ms each, that arrive so many milliseconds after they were spoken. */
function places(lateness: readonly number[]): number[] {
  const clock = new VoiceClock(1_000);
  return lateness.map((late, index) => clock.place(10, ((index + 1) * 10 + late) / 1_000));
}
const spoken = (count: number): number[] => Array.from({ length: count }, (_, index) => index * 10);

describe('the place of sound', () => {
  it('is counted by its samples, whatever the jitter of its arrival', () => {
    expect(places([0, 30, 12, 0, 45, 3])).toEqual(spoken(6));
  });

  it('is put right by the first block that comes earlier than it could', () => {
    expect(places([40, 40, 0, 0])).toEqual([40, 50, 20, 30]);
  });

  it('moves when all that comes is late, and not because of a few', () => {
    const late = places([...Array(60).fill(0), ...Array(100).fill(50)]);
    expect(late[59]).toBe(590);
    expect(late[80]).toBe(800);
    expect(late[159]).toBe(1_640);
  });

  it('stays where a machine stands still, and then brings everything at once', () => {
    const stalled = [...Array(60).fill(0), ...Array.from({ length: 40 }, (_, index) => 400 - index * 10)];
    expect(places([...stalled, 0, 0])).toEqual(spoken(102));
  });

  it('begins anew after a pause', () => {
    const clock = new VoiceClock(1_000);
    expect(clock.place(10, 0.01)).toBe(0);
    expect(clock.place(10, 1.51)).toBe(1_500);
  });
});

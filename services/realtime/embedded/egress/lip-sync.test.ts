import { describe, expect, it } from 'vitest';
import { LipSync } from './lip-sync.ts';

describe('a picture', () => {
  it('is as late as what is heard with it', () => {
    const sync = new LipSync();
    sync.audio({ delay: 0.7, count: 10 });
    sync.video({ delay: 0.3, count: 10 });
    expect(sync.shift(0)).toBeCloseTo(0.04);
  });

  it('is where it is, as long as nothing is known of one of the two', () => {
    const sync = new LipSync();
    sync.audio({ delay: 0.7, count: 10 });
    expect(sync.shift(0)).toBe(0);
  });

  it('moves slowly, so that it does not jump', () => {
    const sync = new LipSync();
    sync.audio({ delay: 0.2, count: 10 });
    sync.video({ delay: 0.2, count: 10 });
    expect(sync.shift(10)).toBe(0);
    sync.audio({ delay: 1.2, count: 20 });
    expect(sync.shift(11)).toBeCloseTo(0.02);
    expect(sync.shift(13)).toBeCloseTo(0.06);
    expect(sync.shift(20)).toBeCloseTo(0.08);
  });

  it('is never moved far, whatever is told', () => {
    const sync = new LipSync();
    sync.audio({ delay: 1_000, count: 10 });
    sync.video({ delay: 0.2, count: 10 });
    expect(sync.shift(0)).toBeCloseTo(0.2);
  });
});

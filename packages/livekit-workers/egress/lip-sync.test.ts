import { describe, expect, it } from 'vitest';
import { LipSync } from './lip-sync.ts';

describe('a picture', () => {
  it('is as late as what is heard with it', () => {
    const sync = new LipSync();
    sync.delayed({ audio: 0.07, video: 0.03 });
    expect(sync.shift(0)).toBeCloseTo(0.04);
  });

  it('is where it is, as long as nothing is known of one of the two', () => {
    const sync = new LipSync();
    sync.delayed({ audio: 0.07 });
    expect(sync.shift(0)).toBe(0);
  });

  it('moves slowly, so that it does not jump', () => {
    const sync = new LipSync();
    sync.delayed({ audio: 0.02, video: 0.02 });
    expect(sync.shift(10)).toBe(0);
    sync.delayed({ audio: 0.1 });
    expect(sync.shift(10.1)).toBeCloseTo(0.02);
    expect(sync.shift(10.3)).toBeCloseTo(0.06);
    expect(sync.shift(11)).toBeCloseTo(0.08);
  });

  it('is never moved far, whatever is told', () => {
    const sync = new LipSync();
    sync.delayed({ audio: 100, video: 0.02 });
    expect(sync.shift(0)).toBeCloseTo(0.2);
  });
});

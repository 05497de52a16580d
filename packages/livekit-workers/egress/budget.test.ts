import { describe, expect, it } from 'vitest';
import { costOf } from './budget.ts';
import { encodingOf } from './encoding.ts';

const encoding = (width: number, height: number, framesPerSecond = 30) => ({
  ...encodingOf({ case: undefined }),
  width,
  height,
  framesPerSecond,
});

const outputs = {};

describe('what a recording costs', () => {
  it('is what was measured', () => {
    expect(costOf({ video: true, encoding: encoding(640, 360), outputs })).toBeCloseTo(0.41, 1);
    expect(costOf({ video: true, encoding: encoding(1280, 720), outputs })).toBeCloseTo(0.94, 1);
  });
  it('grows with the pixels of a second', () => {
    expect(costOf({ video: true, encoding: encoding(1920, 1080, 60), outputs })).toBeGreaterThan(3);
  });
  it('of a track alone is that of a usual one, for nobody says before how large it is', () => {
    const s3 = { region: 'us-east-1', bucket: 'recordings', forcePathStyle: true };
    const track = { file: { filepath: 'a', container: 'of-the-track', s3 } } as const;
    expect(costOf({ video: true, encoding: encoding(1920, 1080), outputs: track })).toBeCloseTo(0.41, 1);
  });
  it('is little where there is only sound', () => {
    expect(costOf({ video: false, encoding: encoding(1920, 1080), outputs })).toBeLessThan(0.3);
  });
});

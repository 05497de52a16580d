import { describe, expect, it } from 'vitest';
import { budgetOf, costOf } from './budget.ts';
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

describe('the budget of a worker', () => {
  it('is given out once, and again when it is back', () => {
    const budget = budgetOf(2);
    const giveBack = budget.take(0.95);
    expect(budget.canNow(0.95)).toBe(true);
    budget.take(0.95);
    expect(budget.canNow(0.95)).toBe(false);
    giveBack();
    giveBack();
    expect(budget.canNow(0.95)).toBe(true);
    expect(budget.canNow(1.1)).toBe(false);
  });
  it('tells what is too much for now from what always is', () => {
    const budget = budgetOf(1);
    budget.take(1);
    expect(budget.couldEver(0.5)).toBe(true);
    expect(budget.couldEver(1.5)).toBe(false);
  });
  it('is whole again after many recordings', () => {
    const budget = budgetOf(1);
    for (let index = 0; index < 1_000; index += 1) budget.take(0.3)();
    expect(budget.canNow(1)).toBe(true);
  });
});

import { describe, expect, it } from 'vitest';
import { affinityFor, parseAffinity } from './affinity.ts';
import { budgetOf } from './budget.ts';

const suits = (taken: number, options: { cost?: number; whenIdle?: number } = {}) => {
  const { cost = 0.5, whenIdle = 1 } = options;
  const budget = budgetOf(2);
  if (taken > 0) budget.take(taken);
  return affinityFor({ cost, budget, whenIdle });
};

describe('a worker', () => {
  it('that does nothing suits best, and the others the less, the more they do', () => {
    expect(suits(0)).toBe(1);
    expect(suits(0.5)).toBeCloseTo(0.6875);
    expect(suits(1.4)).toBeCloseTo(0.575);
  });

  it('beside better ones suits as little as it is told', () => {
    expect(suits(0, { whenIdle: 0.2 })).toBe(0.2);
    expect(suits(1, { whenIdle: 0.2 })).toBeLessThan(0.2);
    expect(suits(1, { whenIdle: 0.01 })).toBe(0.01);
  });

  it('that is full says nothing, and refuses in words what it could never do', () => {
    expect(suits(1.8)).toBeLessThan(0);
    expect(suits(0, { cost: 3 })).toBe(0.01);
  });

  it.each(['0', '1.5', 'much', '-1'])('is not told %s', (text) => {
    expect(() => parseAffinity('EGRESS_AFFINITY', text)).toThrow(
      'EGRESS_AFFINITY must be a number from 0.01 to 1',
    );
  });

  it('is told nothing, or a number', () => {
    const told = [undefined, '', '0.2'].map((text) => parseAffinity('EGRESS_AFFINITY', text));
    expect(told).toEqual([1, 1, 0.2]);
  });
});

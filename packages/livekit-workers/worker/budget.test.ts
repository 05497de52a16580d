import { describe, expect, it } from 'vitest';
import { budgetOf } from './budget.ts';

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

import type { Budget } from './budget.ts';

/** Not at all: it says nothing. And only where nobody else says anything. */
export const [silent, last]: readonly [number, number] = [-1, 0.01];

/**
 * How well a worker suits, so that several share the work: a server takes the one that suits best of those that answer in half a
 * second, and one that says 1 at once.
 *
 * @param options.whenIdle what it says when it does nothing
 */
export function affinityFor(options: {
  cost: number;
  budget: Pick<Budget, 'couldEver' | 'canNow' | 'free'>;
  whenIdle: number;
}): number {
  const { cost, budget, whenIdle } = options;
  if (!budget.couldEver(cost)) return last;
  if (!budget.canNow(cost)) return silent;
  const free = budget.free();
  // Half of it is for those that do nothing.
  return free === 1 ? whenIdle : Math.max(last, whenIdle * (0.5 + free / 4));
}

/**
 * @param name of the variable that says it
 * @throws Error that names the variable
 */
export function parseAffinity(name: string, text: string | undefined): number {
  if (text === undefined || text === '') return 1;
  const value = Number(text);
  if (!(value >= last && value <= 1)) throw new Error(`${name} must be a number from ${last} to 1`);
  return value;
}

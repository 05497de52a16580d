/** What a worker may take on: cores that are given out, and come back. */
export type Budget = {
  /** Whether it could be taken on if nothing else ran. */
  couldEver: (cost: number) => boolean;
  canNow: (cost: number) => boolean;
  /** How much of it is left, from 0 to 1. */
  free: () => number;
  /** @returns gives it back; a second call does nothing */
  take: (cost: number) => () => void;
};

/** @param total cores */
export function budgetOf(total: number): Budget {
  let taken = 0;
  return {
    couldEver: (cost) => cost <= total,
    canNow: (cost) => taken + cost <= total,
    free: () => Math.max(0, 1 - taken / total),
    take: (cost) => {
      taken += cost;
      let isBack = false;
      return () => {
        if (isBack) return;
        isBack = true;
        // Sums of fractions do not come back to nothing by themselves.
        taken = Math.max(0, Math.round((taken - cost) * 1e6) / 1e6);
      };
    },
  };
}

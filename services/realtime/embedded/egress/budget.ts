import type { Plan } from './planned.ts';

/**
 * Cores that a recording takes, decoded and encoded, from two measured on an x86-64 machine with VP8 and x264's `veryfast`:
 * 0.41 for 640×360 and 0.94 for 1280×720, both at 30 pictures a second.
 */
const cores = { always: 0.24, perMegapixelPerSecond: 0.0256 };

export function costOf({ video, encoding }: Pick<Plan, 'video' | 'encoding'>): number {
  if (!video) return cores.always;
  const { width, height, framesPerSecond } = encoding;
  return cores.always + ((width * height * framesPerSecond) / 1e6) * cores.perMegapixelPerSecond;
}

/** What a worker may take on: cores that are given out, and come back. */
export type Budget = {
  /** Whether it could be taken on if nothing else ran. */
  couldEver: (cost: number) => boolean;
  canNow: (cost: number) => boolean;
  /** @returns gives it back; a second call does nothing */
  take: (cost: number) => () => void;
};

/** @param total cores */
export function budgetOf(total: number): Budget {
  let taken = 0;
  return {
    couldEver: (cost) => cost <= total,
    canNow: (cost) => taken + cost <= total,
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

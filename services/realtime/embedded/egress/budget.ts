import type { Plan } from './planned.ts';

/**
 * Cores that a recording takes, decoded and encoded, from two measured on an x86-64 machine with VP8 and x264's `veryfast`:
 * 0.41 for 640×360 and 0.94 for 1280×720, both at 30 pictures a second.
 */
const cores = { always: 0.24, perMegapixelPerSecond: 0.0256 };

/** A track alone has a size of its own, or is sound: which, nobody says before. */
const usualTrack = { width: 640, height: 360 };

export function costOf({ video, encoding, outputs }: Pick<Plan, 'video' | 'encoding' | 'outputs'>): number {
  if (!video) return cores.always;
  const { framesPerSecond } = encoding;
  const { width, height } = outputs.file?.container === 'of-the-track' ? usualTrack : encoding;
  return cores.always + ((width * height * framesPerSecond) / 1e6) * cores.perMegapixelPerSecond;
}

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

/** Samples a second of everything that is said and heard here; what ears want. */
export const rate = 16_000;

/** Louder than this is a voice: of 32,767. Comfort noise stays below it. */
const loud = 250;

/** Whether somebody speaks in a piece of sound. */
export function isVoiced(samples: Int16Array): boolean {
  return samples.some((sample) => Math.abs(sample) > loud);
}

/** Where the last voiced sample is; -1 in silence. */
export function lastVoiced(samples: Int16Array): number {
  return samples.findLastIndex((sample) => Math.abs(sample) > loud);
}

/** Pieces one after the other. */
export function joined(pieces: readonly Int16Array[]): Int16Array<ArrayBuffer> {
  const all = new Int16Array(pieces.reduce((length, piece) => length + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    all.set(piece, at);
    at += piece.length;
  }
  return all;
}

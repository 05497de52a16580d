import { rate } from '../../src/providers/livekit/voice/sound.ts';

/** The same numbers each time, from -1 to 1. */
function random(): () => number {
  let state = 1;
  return () => {
    // Source: a linear congruential generator with the figures of Numerical Recipes.
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 31 - 1;
  };
}

export function silence(seconds: number): Int16Array<ArrayBuffer> {
  return new Int16Array(seconds * rate);
}

/** Hiss, as of a fan. `loudness`: of 32,767. */
export function noise(options: { seconds: number; loudness: number }): Int16Array<ArrayBuffer> {
  const next = random();
  return silence(options.seconds).map(() => next() * options.loudness);
}

/** Two bursts without a tone that begin hard and die away within 0.2 s. */
export function cough(): Int16Array<ArrayBuffer> {
  const next = random();
  const burst = 0.25 * rate;
  let low = 0;
  return silence(0.6).map((_, at) => {
    const within = at % (0.3 * rate);
    if (within > burst) return 0;
    // Less of the highest tones than hiss has.
    low += 0.4 * (next() - low);
    return low * 16_000 * Math.exp((-6 * within) / burst);
  });
}

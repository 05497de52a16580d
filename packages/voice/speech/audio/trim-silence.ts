/** Below this, of 32,767, nobody hears a voice. */
const silent = 300;

/** How much is kept before the first sound, so that it does not begin with a click: 5 ms. */
const kept = 0.005;

/**
 * Leaves out the silence that a voice begins with, which the listener would only wait for.
 *
 * @param rate samples a second
 * @returns what is left of each piece
 */
export function silenceTrimmer(rate: number): (samples: Int16Array) => Int16Array {
  let heard = false;
  return (samples) => {
    if (heard) return samples;
    const first = samples.findIndex((sample) => Math.abs(sample) > silent);
    if (first === -1) return samples.subarray(samples.length);
    heard = true;
    return samples.subarray(Math.max(0, first - Math.round(rate * kept)));
  };
}

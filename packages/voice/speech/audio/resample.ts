/**
 * Turns samples of one rate into another's, piece by piece, by straight lines between them: enough for a voice that has
 * nothing above half of the lower rate worth hearing.
 *
 * @returns what a piece adds
 */
export function resampler(options: { from: number; to: number }): (samples: Int16Array) => Int16Array {
  const step = options.from / options.to;
  if (step === 1) return (samples) => samples;
  let before = 0;
  // Where the next sample is, in samples of the piece; -1 is the last one of the piece before.
  let at = 0;
  return (samples) => {
    const out: number[] = [];
    for (; at < samples.length - 1; at += step) {
      const index = Math.floor(at);
      const left = index < 0 ? before : (samples[index] ?? 0);
      const right = samples[index + 1] ?? 0;
      out.push(Math.round(left + (right - left) * (at - index)));
    }
    at -= samples.length;
    before = samples.at(-1) ?? before;
    return Int16Array.from(out);
  };
}

/**
 * How late the encoder is fed, so that what the network brought late still comes into its place. Seconds.
 */
export const latency = 0.25;

/** How much of the recording is to be handed to the encoder. */
export type Due = { slots: number; samples: number };

/**
 * @param options.elapsed seconds since the recording began
 * @param options.framesPerSecond of the recording; a recording without pictures is measured in blocks of 20 ms
 */
export function due(options: { elapsed: number; framesPerSecond: number; sampleRate: number }): Due {
  const { elapsed, framesPerSecond, sampleRate } = options;
  const slots = Math.max(0, Math.floor(elapsed * framesPerSecond + 1e-6));
  return { slots, samples: Math.round((slots * sampleRate) / framesPerSecond) };
}

/** How many frames of a voice are decoded at a time: little at first, so that the first sound comes soon. */
const sizes = [24, 40, 64, 96, 128] as const;

/**
 * How far around itself a frame is heard: the widest of a Piper voice's convolutions reach 10 frames. More would give
 * the same samples.
 */
const reach = 12;

/** Frames to decode, `from` to `to`, of which `keepFrom` to `keepTo` are new. */
export type Chunk = { from: number; to: number; keepFrom: number; keepTo: number };

/** The pieces in which a sentence is decoded, so that together they sound as if it had been decoded at once. */
export function chunksOf(frames: number): readonly Chunk[] {
  const chunks: Chunk[] = [];
  for (let at = 0, index = 0; at < frames; index += 1) {
    const size = sizes[Math.min(index, sizes.length - 1)] ?? frames;
    const end = Math.min(at + size, frames);
    chunks.push({
      from: Math.max(0, at - reach),
      to: Math.min(frames, end + reach),
      keepFrom: at,
      keepTo: end,
    });
    at = end;
  }
  return chunks;
}

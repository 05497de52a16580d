/** What is published: an even canvas of a fixed size, at a fixed rate. */
export type Picture = { width: number; height: number; framesPerSecond: number };

/**
 * The stream's own picture, made smaller where the ingress asks for less, never larger. A stream that does not say its size gets
 * the whole canvas that the ingress asks for, with bars where it has another shape.
 */
export function pictureOf(options: { size: { width?: number; height?: number }; asked: Picture }): Picture {
  const { size, asked } = options;
  const { width = asked.width, height = asked.height } = size;
  const scale = Math.min(1, asked.width / width, asked.height / height);
  return {
    width: even(width * scale),
    height: even(height * scale),
    framesPerSecond: asked.framesPerSecond,
  };
}

/** Chroma has half the resolution. */
const even = (length: number): number => Math.max(2, 2 * Math.round(length / 2));

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

/**
 * How large a picture is where its pixels are squares, as all are that are published: as high as it is, or as wide, and never
 * smaller. 720×576 of 16:11 is 1047×576.
 */
export function inSquarePixels(picture: { width: number; height: number; sampleAspect?: number }): {
  width: number;
  height: number;
} {
  const { width, height, sampleAspect = 1 } = picture;
  return sampleAspect > 1
    ? { width: width * sampleAspect, height }
    : { width, height: height / sampleAspect };
}

/** Chroma has half the resolution. */
const even = (length: number): number => Math.max(2, 2 * Math.round(length / 2));

/** A decoded picture as WebRTC gives it: a plane of brightness, and two of colour with half its width and height, rounded up. */
export type I420 = { data: Uint8Array; width: number; height: number };

/**
 * A picture with its size in front (PGM with the colour planes side by side below, ffmpeg's `pgmyuv`): so pictures of any size can
 * follow each other in one stream, and ffmpeg scales them. An odd last column or row is left out.
 */
export function sizedPicture({ data, width, height }: I420): Buffer {
  const [w, h] = [width & ~1, height & ~1];
  const header = pgmHeader(w, h);
  const result = Buffer.allocUnsafeSlow(header.length + (w * h * 3) / 2);
  result.write(header, 'latin1');
  let at = header.length;
  if (w === width && h === height) {
    result.set(data.subarray(0, w * h), at);
    at += w * h;
  } else {
    for (let row = 0; row < h; row += 1, at += w) result.set(data.subarray(row * width, row * width + w), at);
  }
  const chromaWidth = (width + 1) >> 1;
  const chromaSize = chromaWidth * ((height + 1) >> 1);
  const u = width * height;
  const v = u + chromaSize;
  for (let row = 0; row < h / 2; row += 1) {
    const from = row * chromaWidth;
    result.set(data.subarray(u + from, u + from + w / 2), at);
    at += w / 2;
    result.set(data.subarray(v + from, v + from + w / 2), at);
    at += w / 2;
  }
  return result;
}

export const pgmHeader = (width: number, height: number): string => `P5\n${width} ${(height * 3) / 2}\n255\n`;

/** What is seen before there is anything to see. */
export function blackPicture(width: number, height: number): Buffer {
  const header = Buffer.from(pgmHeader(width, height), 'latin1');
  return Buffer.concat([header, Buffer.alloc(width * height, 16), Buffer.alloc((width * height) / 2, 128)]);
}

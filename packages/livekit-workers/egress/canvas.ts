import type { Tile } from './grid.ts';
import { blackPicture, type I420, pgmHeader } from './pictures.ts';

/** A picture that is made of others, in the encoder's layout: brightness, and below it both colours side by side. */
export class Canvas {
  readonly width: number;
  readonly height: number;
  #bytes: Buffer;
  #luma: number;
  #tables = new Map<string, Int32Array>();

  /** @param width even @param height even */
  constructor(width: number, height: number) {
    this.width = width;
    this.height = height;
    this.#bytes = blackPicture(width, height);
    this.#luma = pgmHeader(width, height).length;
  }

  clear(): void {
    blackPicture(this.width, this.height).copy(this.#bytes);
  }

  /** @returns what is on it now; later drawing does not change it */
  copy(): Buffer {
    return Buffer.from(this.#bytes);
  }

  /** Fills a tile with a picture, made larger or smaller. */
  draw(picture: I420, tile: Tile): void {
    const { data, width, height } = picture;
    const [chromaWidth, chromaHeight] = [(width + 1) >> 1, (height + 1) >> 1];
    const chroma = this.#luma + this.width * this.height;
    const half = { x: tile.x / 2, y: tile.y / 2, width: tile.width / 2, height: tile.height / 2 };
    const plane = { width: chromaWidth, height: chromaHeight };
    this.#scale(data, { at: 0, width, height }, this.#luma, tile);
    const u = width * height;
    this.#scale(data, { at: u, ...plane }, chroma, half);
    const v = u + chromaWidth * chromaHeight;
    this.#scale(data, { at: v, ...plane }, chroma + this.width / 2, half);
  }

  /** Nearest pixels: the tables make it one read and one write each. */
  #scale(
    data: Uint8Array,
    from: { at: number; width: number; height: number },
    plane: number,
    to: Tile,
  ): void {
    const columns = this.#table(from.width, to.width);
    const rows = this.#table(from.height, to.height);
    const bytes = this.#bytes;
    for (let y = 0; y < to.height; y += 1) {
      const read = from.at + (rows[y] ?? 0) * from.width;
      const write = plane + (to.y + y) * this.width + to.x;
      if (from.width === to.width) {
        bytes.set(data.subarray(read, read + to.width), write);
        continue;
      }
      for (let x = 0; x < to.width; x += 1) bytes[write + x] = data[read + (columns[x] ?? 0)] ?? 0;
    }
  }

  /** Which of the source's pixels each of the target's is. */
  #table(from: number, to: number): Int32Array {
    const key = `${from}:${to}`;
    const known = this.#tables.get(key);
    if (known) return known;
    const table = Int32Array.from({ length: to }, (_, index) => Math.floor(((index + 0.5) * from) / to));
    this.#tables.set(key, table);
    return table;
  }
}

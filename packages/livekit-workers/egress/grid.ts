/** A place on the canvas, in pixels; all of it even, for colour has half the resolution. */
export type Tile = { x: number; y: number; width: number; height: number };

/** Pixels between tiles. */
const gap = 4;

/** As many tiles as there are pictures, in rows as equal as can be; what the last row lacks is left and right of it. */
export function gridTiles(options: { count: number; width: number; height: number }): readonly Tile[] {
  const { count, width, height } = options;
  if (count === 0) return [];
  const columns = Math.ceil(Math.sqrt(count));
  const rows = Math.ceil(count / columns);
  const tileWidth = even((width - gap * (columns - 1)) / columns);
  const tileHeight = even((height - gap * (rows - 1)) / rows);
  return Array.from({ length: count }, (_, index) => {
    const row = Math.floor(index / columns);
    const inRow = row === rows - 1 ? count - row * columns : columns;
    const left = (width - inRow * tileWidth - gap * (inRow - 1)) / 2;
    return {
      x: even(left + (index % columns) * (tileWidth + gap)),
      y: even(row * (tileHeight + gap)),
      width: tileWidth,
      height: tileHeight,
    };
  });
}

/** The largest place of a picture's shape in the middle of a tile. */
export function fitted(tile: Tile, picture: { width: number; height: number }): Tile {
  const scale = Math.min(tile.width / picture.width, tile.height / picture.height);
  const width = Math.min(tile.width, Math.max(2, even(picture.width * scale)));
  const height = Math.min(tile.height, Math.max(2, even(picture.height * scale)));
  return {
    x: tile.x + even((tile.width - width) / 2),
    y: tile.y + even((tile.height - height) / 2),
    width,
    height,
  };
}

const even = (length: number): number => 2 * Math.floor(length / 2 + 1e-9);

import { describe, expect, it } from 'vitest';
import { fitted, gridTiles } from './grid.ts';

const canvas = { width: 1280, height: 720 };

describe('a grid', () => {
  it.each([
    [1, 1],
    [2, 2],
    [4, 2],
    [5, 3],
    [9, 3],
    [25, 5],
  ])('of %i has at most %i beside each other', (count, columns) => {
    const tiles = gridTiles({ count, ...canvas });
    const rows = new Map<number, number>();
    for (const { y } of tiles) rows.set(y, (rows.get(y) ?? 0) + 1);
    expect(tiles).toHaveLength(count);
    expect(Math.max(...rows.values())).toBe(columns);
  });

  it('of one is the whole canvas', () => {
    expect(gridTiles({ count: 1, ...canvas })).toEqual([{ x: 0, y: 0, ...canvas }]);
  });

  it('has even tiles within the canvas that do not overlap, however many', () => {
    for (let count = 1; count <= 25; count += 1) {
      const tiles = gridTiles({ count, width: 1278, height: 714 });
      tiles.forEach((tile, index) => {
        expect([tile.x, tile.y, tile.width, tile.height].map((length) => length % 2)).toEqual([0, 0, 0, 0]);
        expect(tile.x >= 0 && tile.x + tile.width <= 1278).toBe(true);
        expect(tile.y >= 0 && tile.y + tile.height <= 714).toBe(true);
        for (const other of tiles.slice(index + 1)) {
          const isBeside = tile.x + tile.width <= other.x || other.x + other.width <= tile.x;
          const isBelow = tile.y + tile.height <= other.y || other.y + other.height <= tile.y;
          expect(isBeside || isBelow).toBe(true);
        }
      });
    }
  });

  it('has what is left over in the middle of the last row', () => {
    const tiles = gridTiles({ count: 3, ...canvas });
    const last = tiles[2];
    // Half a pixel of colour is what keeping it even may cost.
    expect(Math.abs((last?.x ?? 0) + (last?.width ?? 0) / 2 - 640)).toBeLessThanOrEqual(1);
  });

  it('of nobody has no tiles', () => {
    expect(gridTiles({ count: 0, ...canvas })).toEqual([]);
  });
});

describe('a picture in its tile', () => {
  const tile = { x: 100, y: 50, width: 640, height: 360 };
  it('fills it where it has its shape', () => {
    expect(fitted(tile, { width: 1920, height: 1080 })).toEqual(tile);
  });
  it('has bars left and right where it is upright', () => {
    expect(fitted(tile, { width: 360, height: 640 })).toEqual({ x: 318, y: 50, width: 202, height: 360 });
  });
  it('is never nothing', () => {
    expect(fitted(tile, { width: 4_000, height: 2 })).toMatchObject({ width: 640, height: 2 });
  });
});

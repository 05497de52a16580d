import { describe, expect, it } from 'vitest';
import { Canvas } from './canvas.ts';
import { blackPicture, type I420, sizedPicture } from './pictures.ts';

/** Each plane of another value. */
function picture(width: number, height: number, [y, u, v]: readonly [number, number, number]): I420 {
  const chroma = ((width + 1) >> 1) * ((height + 1) >> 1);
  const data = new Uint8Array(width * height + 2 * chroma).fill(y);
  data.fill(u, width * height, width * height + chroma);
  data.fill(v, width * height + chroma);
  return { data, width, height };
}
const body = (sized: Buffer) => [...sized.subarray(sized.indexOf('255\n') + 4)];

describe('a picture for the encoder', () => {
  it('says its size, and has the colours beside each other below', () => {
    const sized = sizedPicture(picture(4, 2, [1, 2, 3]));
    expect(sized.toString('latin1', 0, 11)).toBe('P5\n4 3\n255\n');
    expect(body(sized)).toEqual([1, 1, 1, 1, 1, 1, 1, 1, 2, 2, 3, 3]);
  });
  it('is even: an odd column or row is left out', () => {
    const odd = picture(5, 3, [1, 2, 3]);
    odd.data[4] = 99;
    expect(body(sizedPicture(odd))).toEqual(body(sizedPicture(picture(4, 2, [1, 2, 3]))));
  });
  it('is black before there is one', () => {
    expect(body(blackPicture(4, 2))).toEqual(body(sizedPicture(picture(4, 2, [16, 128, 128]))));
  });
});

describe('a canvas', () => {
  it('has a picture in its tile, in another size, and is black around it', () => {
    const canvas = new Canvas(8, 4);
    canvas.draw(picture(2, 2, [1, 2, 3]), { x: 4, y: 0, width: 4, height: 4 });
    expect(body(canvas.copy())).toEqual([
      ...[16, 16, 16, 16, 1, 1, 1, 1],
      ...[16, 16, 16, 16, 1, 1, 1, 1],
      ...[16, 16, 16, 16, 1, 1, 1, 1],
      ...[16, 16, 16, 16, 1, 1, 1, 1],
      ...[128, 128, 2, 2, 128, 128, 3, 3],
      ...[128, 128, 2, 2, 128, 128, 3, 3],
    ]);
  });
  it('is copied: what is drawn later does not change what was taken', () => {
    const canvas = new Canvas(4, 2);
    const before = canvas.copy();
    canvas.draw(picture(4, 2, [9, 9, 9]), { x: 0, y: 0, width: 4, height: 2 });
    expect(before).toEqual(blackPicture(4, 2));
    canvas.clear();
    expect(canvas.copy()).toEqual(before);
  });
});

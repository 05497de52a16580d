import { describe, expect, it } from 'vitest';
import type { I420 } from './pictures.ts';
import { gridView, type Shown, singleView, type View } from './view.ts';

const size = { width: 64, height: 32, framesPerSecond: 10 };
const [alice, bob]: readonly [Shown, Shown] = [
  { sid: 'TR_a', identity: 'alice' },
  { sid: 'TR_b', identity: 'bob' },
];

/** All of one brightness. */
const grey = (value: number, width = 32, height = 32): I420 => ({
  data: new Uint8Array((width * height * 3) / 2).fill(value),
  width,
  height,
});

const header = (shown: Buffer): string => shown.toString('latin1', 0, shown.indexOf('255\n'));
/** Brightness in the middle of the left and of the right half of the canvas. */
const halves = (view: View, slot: number): readonly (number | undefined)[] => {
  const shown = view.at(slot);
  const first = shown.indexOf('255\n') + 4 + (size.height / 2) * size.width;
  return [shown[first + 16], shown[first + 48]];
};

describe('one track', () => {
  it('is shown in its own size, and black where it shows nothing', () => {
    const view = singleView(size);
    expect(header(view.at(0))).toBe('P5\n64 48\n');
    view.push(alice, grey(200, 16, 8), 0.1);
    expect(header(view.at(1))).toBe('P5\n16 12\n');
    view.remove(alice.sid);
    expect(header(view.at(2))).toBe('P5\n64 48\n');
  });

  it('stays the very same bytes as long as nothing new comes', () => {
    const view = singleView(size);
    view.push(alice, grey(200), 0);
    expect(view.at(1)).toBe(view.at(0));
  });
});

describe('a grid', () => {
  it('has everybody beside each other, in the order in which they came', () => {
    const view = gridView(size);
    view.push(alice, grey(100), 0);
    view.push(bob, grey(200), 0);
    expect(halves(view, 0)).toEqual([100, 200]);
  });

  it('has who speaks first', () => {
    const view = gridView(size);
    view.push(alice, grey(100), 0);
    view.push(bob, grey(200), 0);
    view.at(0);
    view.speakers(['bob', 'alice'], 0.1);
    expect(halves(view, 10)).toEqual([100, 200]);
    expect(halves(view, 11)).toEqual([200, 100]);
  });

  it('gives the place of who leaves to the others, and leaves nothing of them behind', () => {
    const view = gridView(size);
    view.push(alice, grey(100), 0);
    view.push(bob, grey(200), 0);
    view.at(0);
    view.remove(alice.sid);
    // A square in the middle of what is twice as wide.
    const shown = view.at(1);
    const row = shown.indexOf('255\n') + 4 + (size.height / 2) * size.width;
    expect([shown[row], shown[row + 32], shown[row + 63]]).toEqual([16, 200, 16]);
  });

  it('stays the very same bytes as long as nobody moves', () => {
    const view = gridView(size);
    view.push(alice, grey(100), 0);
    const shown = view.at(0);
    expect(view.at(1)).toBe(shown);
    view.push(alice, grey(101), 0.2);
    expect(view.at(2)).not.toBe(shown);
  });

  it('of nobody is black', () => {
    expect(halves(gridView(size), 0)).toEqual([16, 16]);
  });
});

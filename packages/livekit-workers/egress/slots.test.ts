import { describe, expect, it } from 'vitest';
import { FrameSlots } from './slots.ts';

const shown = (slots: FrameSlots<string>, count: number) =>
  Array.from({ length: count }, (_, slot) => slots.at(slot));

describe('pictures in slots of a constant rate', () => {
  it('have one each where they arrive as often as they are shown', () => {
    const slots = new FrameSlots<string>(10);
    for (const [index, picture] of ['a', 'b', 'c'].entries()) slots.push(picture, index / 10);
    expect(shown(slots, 3)).toEqual(['a', 'b', 'c']);
  });

  it('are all shown although their arrival jitters', () => {
    const slots = new FrameSlots<string>(10);
    const arrivals = [0.0, 0.14, 0.16, 0.31, 0.44, 0.46];
    for (const [index, seconds] of arrivals.entries()) slots.push(String(index), seconds);
    expect(shown(slots, 6)).toEqual(['0', '1', '2', '3', '4', '5']);
    expect(slots.skipped).toBe(0);
  });

  it('stay until the next one comes', () => {
    const slots = new FrameSlots<string>(10);
    slots.push('a', 0);
    slots.push('b', 0.4);
    expect(shown(slots, 6)).toEqual(['a', 'a', 'a', 'a', 'b', 'b']);
  });

  it('are left out where twice as many come as can be shown', () => {
    const slots = new FrameSlots<string>(10);
    for (let index = 0; index < 20; index += 1) slots.push(String(index), index / 20);
    expect(new Set(shown(slots, 10)).size).toBe(10);
    expect(slots.skipped).toBeGreaterThanOrEqual(8);
  });

  it('begin with the first one, also where it came a little late', () => {
    const slots = new FrameSlots<string>(10);
    slots.push('a', 0.2);
    expect(shown(slots, 4)).toEqual(['a', 'a', 'a', 'a']);
  });

  it('are none where there was none yet', () => {
    expect(new FrameSlots<string>(10).at(0)).toBeUndefined();
  });
});

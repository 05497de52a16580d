import { describe, expect, it } from 'vitest';
import { SpeakerOrder } from './speaker-order.ts';

const everybody = ['a', 'b', 'c'];

describe('the order of participants', () => {
  it('is that in which they came', () => {
    expect(new SpeakerOrder().sorted(everybody, 0)).toEqual(everybody);
  });
  it('has who speaks for a second first, and the others as they were', () => {
    const order = new SpeakerOrder();
    order.sorted(everybody, 0);
    order.heard('c', 1);
    expect(order.sorted(everybody, 1.9)).toEqual(everybody);
    expect(order.sorted(everybody, 2)).toEqual(['c', 'a', 'b']);
  });
  it('does not change for a cough', () => {
    const order = new SpeakerOrder();
    order.sorted(everybody, 0);
    order.heard('b', 1);
    order.heard(undefined, 1.4);
    expect(order.sorted(everybody, 9)).toEqual(everybody);
  });
  it('stays as it is when nobody speaks any more', () => {
    const order = new SpeakerOrder();
    order.sorted(everybody, 0);
    order.heard('b', 1);
    order.heard(undefined, 3);
    expect(order.sorted(everybody, 9)).toEqual(['b', 'a', 'c']);
  });
  it('has who comes later last, and forgets who leaves', () => {
    const order = new SpeakerOrder();
    order.sorted(everybody, 0);
    expect(order.sorted(['d', 'c', 'a'], 1)).toEqual(['a', 'c', 'd']);
  });
});

import { expect, it } from 'vitest';
import { conversations } from './conversations.ts';

it('counts a conversation from its promise to the end of its process', () => {
  const held = conversations();
  held.accepted('a', 'lobby', 0);
  expect(held.count(1_000)).toBe(1);
  expect(held.isIn('lobby', 1_000)).toBe(true);
  expect(held.isIn('attic', 1_000)).toBe(false);
  held.started('a');
  expect(held.count(3_600_000)).toBe(1);
  held.ended('a');
  expect(held.count(3_600_000)).toBe(0);
});

it('forgets a promise that LiveKit gave to another worker', () => {
  const held = conversations();
  held.accepted('a', 'lobby', 0);
  expect(held.count(14_999)).toBe(1);
  expect(held.count(15_000)).toBe(0);
});

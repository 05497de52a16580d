import { expect, it } from 'vitest';
import { silenceAfter } from './silence-after.ts';

const turns = {
  detector: 'v1-mini',
  speculateMs: 64,
  endMs: 256,
  patienceMs: 640,
  minDelayMs: 300,
  maxDelayMs: 1200,
} as const;

it.each([
  ['a question that can stand alone', 'Is the stack healthy?', 256],
  ['what may be all', 'Record this room.', 640],
  ['what wants more', 'Tell me about', 1200],
  ['what is not written down yet', undefined, 1200],
])('after %s a person has this long to go on', (_, text, milliseconds) => {
  expect(silenceAfter({ text, turns })).toBe(milliseconds);
});

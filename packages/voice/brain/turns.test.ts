import { expect, it } from 'vitest';
import { preparedTurns } from './turns.ts';

const perform = { tool: 'start_recording', run: async () => undefined };
const answered = (text: string) => ({ text, perform, details: text });

it('gives what a turn has prepared once it is certain, and only once', () => {
  const turns = preparedTurns<string>();
  expect(turns.prepare('s', answered('yes'))).toBe(false);
  expect(turns.take('s', 'yes')?.perform).toBe(perform);
  expect(turns.take('s', 'yes')).toBeUndefined();
});

it('gives nothing where somebody said something else, or another conversation did', () => {
  const turns = preparedTurns<string>();
  turns.prepare('s', answered('yes'));
  expect(turns.take('s', 'yes, but later')).toBeUndefined();
  turns.prepare('s', answered('yes'));
  expect(turns.take('t', 'yes')).toBeUndefined();
});

it('knows that a turn was certain before its answer was there', () => {
  const turns = preparedTurns<string>();
  expect(turns.take('s', 'yes')).toBeUndefined();
  expect(turns.prepare('s', answered('yes'))).toBe(true);
  expect(turns.take('s', 'yes')).toBeUndefined();
});

it('forgets the oldest of very many', () => {
  const turns = preparedTurns<string>();
  for (let index = 0; index <= 1000; index += 1) turns.prepare(`${index}`, answered('yes'));
  expect(turns.take('0', 'yes')).toBeUndefined();
  expect(turns.take('1', 'yes')?.details).toBe('yes');
});

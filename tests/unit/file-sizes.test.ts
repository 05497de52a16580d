import { expect, it } from 'vitest';
import { sourceFiles } from '../support/documents.ts';

// A file that is hard to hold in the head has two ideas in it.
const sizes = sourceFiles()
  .map(({ path, text }) => ({ path, lines: text.split('\n').length - 1 }))
  .sort((a, b) => a.lines - b.lines);
const at = (share: number): number => sizes[Math.floor((sizes.length - 1) * share)]?.lines ?? 0;

it('half of the files have at most 60 lines', () => {
  expect(at(0.5)).toBeLessThanOrEqual(60);
});

it('nine of ten files have at most 180 lines', () => {
  expect(at(0.9)).toBeLessThanOrEqual(180);
});

it('no file has more than 300 lines', () => {
  expect(sizes.filter(({ lines }) => lines > 300)).toEqual([]);
});

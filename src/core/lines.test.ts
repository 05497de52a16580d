import { expect, test } from 'vitest';
import { splitLines } from './lines.ts';

test('an unfinished last line is a line', () => {
  const lines: string[] = [];
  const splitter = splitLines((line) => lines.push(line));
  splitter.push(Buffer.from('a\n\nb'));
  splitter.end();
  expect(lines).toEqual(['a', '', 'b']);
});

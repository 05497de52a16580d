import { expect, it } from 'vitest';
import { sourceFiles } from '../../tests/support/documents.ts';

it('no other file of arc starts a program', () => {
  const starting = sourceFiles()
    .filter(({ text }) => /['"](?:node:)?child_process['"]|['"]execa['"]/.test(text))
    .map(({ path }) => path);
  expect(starting.sort()).toEqual(['src/host/background.ts', 'src/host/piped.ts', 'src/host/process.ts']);
});

import { expect, it } from 'vitest';
import { commandName } from './command-name.ts';

it.each([
  [['up', '--timeout', 'soon'], 'up'],
  [['--json', 'up', '--timeout', 'soon'], 'up'],
  [['-C', 'down', '--json', 'up'], 'up'],
  [['--directory=down', 'up'], 'up'],
  [['--version'], ''],
])('of %j the command is "%s"', (words, command) => {
  expect(commandName(words)).toBe(command);
});

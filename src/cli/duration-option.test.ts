import { Command } from 'commander';
import { expect, test } from 'vitest';
import { durationOption } from './duration-option.ts';

function parse(...words: readonly string[]): unknown {
  const command = new Command().exitOverride().configureOutput({ writeErr: () => {} });
  command.addOption(
    durationOption({
      flags: '--timeout <duration>',
      description: 'limit',
      fallback: '120s',
      example: '90s, 5m',
    }),
  );
  return command.parse(words, { from: 'user' }).opts().timeout;
}

test('a duration reaches the command in milliseconds, the usual one too', () => {
  expect(parse('--timeout', '1.5m')).toBe(90_000);
  expect(parse()).toBe(120_000);
});

test.each(['soon', '90', '0s', ''])('%j is refused with an example', (text) => {
  expect(() => parse('--timeout', text)).toThrow('It takes a number and a unit: 90s, 5m.');
});

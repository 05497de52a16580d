import { expect, it } from 'vitest';
import { parsePlatforms } from './platforms.ts';

it('platforms come in the order of an index, each once, however they are given', () => {
  expect(parsePlatforms([])).toEqual([]);
  expect(parsePlatforms(['linux/arm64, linux/amd64'])).toEqual(['linux/amd64', 'linux/arm64']);
  expect(parsePlatforms(['linux/arm64', 'linux/arm64'])).toEqual(['linux/arm64']);
});

it('a platform that arc does not build for is refused', () => {
  expect(() => parsePlatforms(['linux/amd64,linux/riscv64'])).toThrow('got "linux/riscv64"');
});

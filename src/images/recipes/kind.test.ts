import { expect, it } from 'vitest';
import { pathIn } from './kind.ts';

it.each([
  ['/bin/wget', '/build/root/bin/wget'],
  ['bin/wget', '/build/root/bin/wget'],
  ['/../../etc/passwd', '/build/root/etc/passwd'],
])('%s stays in the root of the base', (path, place) => {
  expect(pathIn('/build/root', path)).toBe(place);
});

import { expect, it } from 'vitest';
import { pathIn } from './kind.ts';

it.each([
  ['/bin/wget', '/work/root/bin/wget'],
  ['bin/wget', '/work/root/bin/wget'],
  ['/../../etc/passwd', '/work/root/etc/passwd'],
])('%s stays in the root of the base', (path, place) => {
  expect(pathIn('/work/root', path)).toBe(place);
});

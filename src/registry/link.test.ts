import { expect, test } from 'vitest';
import { nextPage } from './link.ts';

const from = new URL('https://ghcr.io/v2/a/b/tags/list?n=2');

test.each([
  ['</v2/a/b/tags/list?last=v2&n=2>; rel="next"', 'https://ghcr.io/v2/a/b/tags/list?last=v2&n=2'],
  ['<list?last=v2>;rel=next', 'https://ghcr.io/v2/a/b/tags/list?last=v2'],
  ['<https://ghcr.io/other>; rel="next"', 'https://ghcr.io/other'],
  ['</first>; rel="first", </third>; rel="next"', 'https://ghcr.io/third'],
  ['</first>; rel="first"', undefined],
  ['nonsense', undefined],
  [undefined, undefined],
])('%j leads to %s', (header, next) => {
  expect(nextPage(header, from)?.href).toBe(next);
});

import { expect, it } from 'vitest';
import { wrapperModule } from './go.ts';

it('replaces modules as the recipe says', () => {
  expect(wrapperModule({ replace: { 'github.com/a/b': 'github.com/c/b@v1.2.3' } })).toBe(
    ['module arc.local/base', '', 'go 1.21', '', 'replace github.com/a/b => github.com/c/b v1.2.3', ''].join(
      '\n',
    ),
  );
});

it('is a plain module without', () => {
  expect(wrapperModule({ replace: {} })).not.toContain('replace');
});

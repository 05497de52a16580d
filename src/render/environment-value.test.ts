import { expect, test } from 'vitest';
import { environmentValue } from './environment-value.ts';

// That Docker Compose reads them back for what they were is in tests/integration/compose-fields.test.ts.
test.each([
  ['plain', "'plain'"],
  ['a$HOME #"`b', "'a$HOME #\"`b'"],
  ['two\nlines', "'two\nlines'"],
  ["it's $5", '"it\'s \\$5"'],
  ['ends with \\', '"ends with \\0134"'],
  ['a\r\nb', '"a\\r\\nb"'],
])('%j is written as %s', (value, text) => {
  expect(environmentValue(value)).toBe(text);
});

import { expect, test } from 'vitest';
import { canonicalJson } from './canonical-json.ts';

test('data is written as Go writes it, whatever the order of its keys', () => {
  const data = { b: ['x.>', 1, true, null], 'a&': { Z: '"', z: '<\u2028' }, B: {} };
  expect(canonicalJson(data)).toBe(
    '{"B":{},"a\\u0026":{"Z":"\\"","z":"\\u003c\\u2028"},"b":["x.\\u003e",1,true,null]}',
  );
});

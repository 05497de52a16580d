import { expect, test } from 'vitest';
import { fieldText, fromConfig, isSame, toConfig } from './fields.ts';
import { streamTable } from './stream/model.ts';

test('fields are written in the units of the server, and read back from them', () => {
  const fields = { subjects: ['a.>'], max_age: 90, max_bytes: 1024, deny_delete: true };
  const config = toConfig(streamTable, fields);
  expect(config).toEqual({ subjects: ['a.>'], max_age: 90_000_000_000, max_bytes: 1024, deny_delete: true });
  expect(fromConfig(streamTable, config)).toMatchObject(fields);
});

test('what the server writes for no limit is none', () => {
  const read = fromConfig(streamTable, { max_age: 0, max_bytes: -1, max_msgs: -1, description: '' });
  expect([read.max_age, read.max_bytes, read.max_messages, read.description]).toEqual(
    Array(4).fill(undefined),
  );
});

test('subjects have no order', () => {
  expect(isSame(['b', 'a'], ['a', 'b'])).toBe(true);
  expect(isSame(['a'], ['a', 'b'])).toBe(false);
});

test.each([
  [604_800, '7 days'],
  [86_400, '1 day'],
  [5400, '90 minutes'],
  [90, '90 s'],
  [0.5, '0.5 s'],
])('%d seconds are %j', (seconds, text) => {
  expect(fieldText(streamTable.max_age, seconds)).toBe(text);
});

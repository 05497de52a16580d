import { expect, test } from 'vitest';
import { registryWords } from './words.ts';

const words = (status: number, body: string) => registryWords({ status, body: Buffer.from(body) });

test.each([
  [
    '{"errors":[{"code":"DENIED","message":"permission_denied: write_package"}]}',
    ['DENIED: permission_denied: write_package'],
  ],
  ['{"errors":[{"code":"A"},{"message":"b"},{"detail":1}]}', ['A', 'b']],
  ['{"details":"incorrect username or password"}', ['incorrect username or password']],
  ['{"error":"invalid_grant","error_description":"revoked"}', ['revoked']],
  ['404 page not found\n', ['404 page not found']],
  ['<html><title>502</title></html>', []],
  ['{"errors":[null,"x",7]}', []],
  ['{"errors":{}}', []],
  ['null', []],
  ['', []],
])('of %s, people are shown %j', (body, expected) => {
  expect(words(403, body)).toEqual(['403 Forbidden', ...expected]);
});

test('a status without a name is its number', () => {
  expect(words(418, '')).toEqual(['418']);
});

test('what would steer a terminal is left out, and long texts are cut', () => {
  expect(words(400, 'a\u001b[31m\r\nb')[1]).toBe('a [31m b');
  expect(words(400, 'x'.repeat(10_000))[1]).toHaveLength(302);
});

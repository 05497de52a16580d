import { expect, it } from 'vitest';
import { parseConfig } from './config.ts';

const whole = { key: 'devkey', secret: 'a secret', folder: '/var/lib/webhooks', limit: 1_000, port: 7900 };

it('is read as arc writes it', () => {
  expect(parseConfig(JSON.stringify(whole))).toEqual(whole);
});

it.each([
  [{ ...whole, secret: undefined }, 'secret is missing, or not a text'],
  [{ ...whole, key: 7 }, 'key is missing, or not a text'],
  [{ ...whole, limit: 0 }, 'limit is missing, or not a whole number above 0'],
  [{ ...whole, port: '7900' }, 'port is missing, or not a whole number above 0'],
  [null, 'the configuration is not a mapping'],
])('is refused as %j, without its values', (fields, message) => {
  expect(() => parseConfig(JSON.stringify(fields))).toThrow(message);
});

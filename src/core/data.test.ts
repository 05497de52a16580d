import { describe, expect, test } from 'vitest';
import { numberField, optionalSecret, optionalText, secretField, textField } from './data.ts';
import { Secret } from './secret.ts';

const fields = { bucket: 'recordings', status: 200, password: new Secret('the-password') };

describe('a field that its schema promises', () => {
  test('is read as what it is', () => {
    expect(textField(fields, 'bucket')).toBe('recordings');
    expect(numberField(fields, 'status')).toBe(200);
    expect(secretField(fields, 'password').reveal()).toBe('the-password');
  });

  test('may be secret although no secret is in it', () => {
    expect(secretField(fields, 'bucket').reveal()).toBe('recordings');
  });

  test('may be absent where the schema says so', () => {
    expect(optionalText(fields, 'region')).toBeUndefined();
    expect(optionalSecret(fields, 'token')).toBeUndefined();
  });

  test('is a fault where it is missing or something else, and never shown where it is secret', () => {
    expect(() => textField(fields, 'region')).toThrow('the field region is not a text that may be shown');
    expect(() => textField(fields, 'password')).toThrow('the field password is not a text that may be shown');
    expect(() => numberField(fields, 'bucket')).toThrow('the field bucket is not a number');
  });
});

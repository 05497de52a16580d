import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { redact, Secret } from './secret.ts';

describe('Secret', () => {
  const secret = new Secret('correct-horse');

  it('shows itself in no form of printing', () => {
    expect(`${secret}`).toBe('[redacted]');
    expect(JSON.stringify({ secret })).toBe('{"secret":"[redacted]"}');
    expect(inspect({ secret })).not.toContain('horse');
    expect(Object.values(secret)).toEqual([]);
  });

  it('gives its value where it is asked for by name', () => {
    expect(secret.reveal()).toBe('correct-horse');
  });
});

describe('redact', () => {
  it('takes every occurrence of a secret out of text from elsewhere', () => {
    expect(redact('a correct-horse, a correct-horse', [new Secret('correct-horse')])).toBe(
      'a [redacted], a [redacted]',
    );
  });

  it('leaves short values alone, which would blot out ordinary words', () => {
    expect(redact('the devkey', [new Secret('devkey')])).toBe('the devkey');
  });

  it('takes out JSON Web Tokens that it was never told of', () => {
    const jwt = 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJtZSJ9.c2lnbmF0dXJl';
    expect(redact(`invalid token: ${jwt}`, [])).toBe('invalid token: [redacted token]');
  });
});

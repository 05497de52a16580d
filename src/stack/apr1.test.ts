import { expect, test } from 'vitest';
import { apr1 } from './apr1.ts';

// `openssl passwd -apr1 -salt bW8oKjPO <password>` makes the same.
test.each([
  ['', '$apr1$bW8oKjPO$cT4lyCmDKrzNM9rFa9g4F/'],
  ['a', '$apr1$bW8oKjPO$KOWzTI4g2XReQRDlu/22A/'],
  ['sixteen-bytes-ok', '$apr1$bW8oKjPO$hlX23igLATU1PYqdlUQwk0'],
  ['päss wörd', '$apr1$bW8oKjPO$7d2uhSm1TGyQY6XFVxZTe.'],
  ['a-password-longer-than-sixteen-bytes-1234567890', '$apr1$bW8oKjPO$QlTi9ktIlHuaRr8teOYrP0'],
  ['x'.repeat(200), '$apr1$bW8oKjPO$fvAyLAKZKrddzu8bwsX531'],
])('%j is written as htpasswd writes it', (password, hash) => {
  expect(apr1({ password, salt: 'demo a/' })).toBe(hash);
});

test('one password has another hash at another place, and the same at the same', () => {
  const hash = (salt: string) => apr1({ password: 'one', salt });
  expect(hash('demo b/')).not.toBe(hash('demo a/'));
  expect(hash('demo a/')).toBe(hash('demo a/'));
});

import { createPublicKey, verify } from 'node:crypto';
import { expect, test } from 'vitest';
import { isNkeySeed, nkeyOf, nkeySeed, signChallenge } from './nkey.ts';

// Made with the nkeys library of NATS.
const seed = 'SUAECLRMKUZTUTARPI3KDIYUIYTY2WVSJFZ4SJJBV6YNPPC5G2VQQMTWEA';
const signature = '90m4Mk6zT_uymS6oI1a3KaJgcnIgjqr0XD5VEFKWhRLNHe3BWTbT5lfmOOUwFkzUIYliVSxZmhWxQGBhxzkrBQ';

test('the public half and the signature are those that NATS makes of a seed', () => {
  expect(nkeyOf(seed)).toBe('UA5GK5ALIIODHJF6P5W3Y4HY3IOPMHIEVTY7XXXXYIAZXSFLTUDLDMQR');
  expect(signChallenge({ seed, challenge: 'nonce' })).toBe(signature);
  expect(isNkeySeed(seed)).toBe(true);
});

test('a new seed signs what its public half proves', () => {
  const made = nkeySeed(new Uint8Array(32).fill(7));
  expect(made).toMatch(/^SU[A-Z2-7]{56}$/);
  const signed = signChallenge({ seed: made, challenge: 'abc' }) ?? expect.unreachable();
  // RFC 8032, the key of 32 bytes 7.
  const x = Buffer.from('ea4a6c63e29c520abef5507b132ec5f9954776aebebe7b92421eea691446d22c', 'hex');
  const key = createPublicKey({
    key: { kty: 'OKP', crv: 'Ed25519', x: x.toString('base64url') },
    format: 'jwk',
  });
  expect(verify(null, Buffer.from('abc'), key, Buffer.from(signed, 'base64url'))).toBe(true);
});

test.each([
  ['', 'nothing'],
  ['not-a-seed', 'other text'],
  [`${seed.slice(0, -1)}B`, 'another last character'],
  [seed.replace('ECLR', 'ECLS'), 'another character inside'],
  [seed.slice(0, -1), 'one that is cut off'],
  [`${seed}A`, 'one that goes on'],
  ['UA5GK5ALIIODHJF6P5W3Y4HY3IOPMHIEVTY7XXXXYIAZXSFLTUDLDMQR', 'a public half'],
  [seed.toLowerCase(), 'small letters'],
])('%j is no seed: %s', (text) => {
  expect(isNkeySeed(text)).toBe(false);
  expect(nkeyOf(text)).toBeUndefined();
  expect(signChallenge({ seed: text, challenge: 'abc' })).toBeUndefined();
});

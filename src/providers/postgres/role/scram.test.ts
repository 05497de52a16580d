import { expect, test } from 'vitest';
import { Secret } from '../../../core/secret.ts';
import { isVerifiedBy, verifierOf } from './scram.ts';

// Of the example in RFC 7677, in PostgreSQL's form.
const ofServer = new Secret(
  'SCRAM-SHA-256$4096:W22ZaJ0SNY7soEsUEjb6gQ==$WG5d8oPm3OtcPnkdi4Uo7BkeZkBFzpcXkuLmtbsT4qY=:wfPLwcE6nTWhTAmQ7tl2KeoiWGPlZqQxSrmfPwDl2dU=',
);

test('a password is known by the verifier that PostgreSQL made of it', () => {
  expect(isVerifiedBy({ password: new Secret('pencil'), verifier: ofServer })).toBe(true);
  expect(isVerifiedBy({ password: new Secret('pencils'), verifier: ofServer })).toBe(false);
});

test('a verifier is made anew each time, and verifies its password alone', () => {
  const password = new Secret('crème brûlée');
  const verifier = verifierOf(password);
  expect(verifier.reveal()).toMatch(/^SCRAM-SHA-256\$4096:/);
  expect(verifierOf(password).reveal()).not.toBe(verifier.reveal());
  expect(isVerifiedBy({ password, verifier })).toBe(true);
  expect(isVerifiedBy({ password: new Secret('creme brulee'), verifier })).toBe(false);
});

test('a hash of another kind counts as another password', () => {
  expect(isVerifiedBy({ password: new Secret('a'), verifier: new Secret('md51234') })).toBe(false);
});

import { createPrivateKey, createPublicKey, type KeyObject, sign } from 'node:crypto';

// Nkeys: Ed25519 keys as NATS writes them (github.com/nats-io/nkeys). Base32 of one or two bytes that say what it is,
// the 32 bytes of the key, and a CRC-16 of both. This is written here because the library would be loaded by every
// command that renders a template, and `node:crypto` has all of its cryptography.

/** What a key is for is in its first five bits: `U` is a user. */
const user = 20 << 3;
/** `S`: the seed of what the next five bits say. */
const seed = 18 << 3;

const seedLead = Buffer.from([seed | (user >> 5), (user & 31) << 3]);
const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
const keyBytes = 32;

/** DER of a private and of a public key of Ed25519, up to the key itself (RFC 8410). */
const privateLead = Buffer.from('302e020100300506032b657004220420', 'hex');

/**
 * The seed of a user, which is its secret half: `SU…`, 58 characters.
 *
 * @param random 32 random bytes
 */
export function nkeySeed(random: Uint8Array): string {
  if (random.length !== keyBytes) throw new Error(`a seed is made of ${keyBytes} bytes`);
  return encode(Buffer.concat([seedLead, random]));
}

/** Whether a text is the seed of a user. It makes no key of it, because every command asks this of every seed. */
export function isNkeySeed(text: string): boolean {
  return keyIn(text) !== undefined;
}

/** The public half of a user's seed: `U…`, 56 characters; undefined if the text is not the seed of a user. */
export function nkeyOf(text: string): string | undefined {
  const key = privateKeyOf(text);
  if (key === undefined) return undefined;
  const der = createPublicKey(key).export({ type: 'spki', format: 'der' });
  return encode(Buffer.concat([Buffer.from([user]), der.subarray(-keyBytes)]));
}

/**
 * Answers the challenge of a server.
 *
 * @param options.seed of a user
 * @param options.challenge `nonce` of the server's greeting
 * @returns the signature in Base64 for URLs, as the client's `CONNECT` has it; undefined if it is not a user's seed
 */
export function signChallenge(options: { seed: string; challenge: string }): string | undefined {
  const key = privateKeyOf(options.seed);
  return key && sign(null, Buffer.from(options.challenge), key).toString('base64url');
}

function privateKeyOf(text: string): KeyObject | undefined {
  const bytes = keyIn(text);
  return (
    bytes && createPrivateKey({ key: Buffer.concat([privateLead, bytes]), format: 'der', type: 'pkcs8' })
  );
}

/** The 32 bytes that a user's seed was made of; undefined if the text is none. */
function keyIn(text: string): Buffer | undefined {
  const bytes = decode(text);
  return bytes?.length === seedLead.length + keyBytes && bytes.subarray(0, 2).equals(seedLead)
    ? bytes.subarray(2)
    : undefined;
}

function encode(bytes: Buffer): string {
  const checksum = Buffer.alloc(2);
  checksum.writeUInt16LE(crc16(bytes));
  let text = '';
  let bits = 0;
  let value = 0;
  for (const byte of Buffer.concat([bytes, checksum])) {
    value = (value << 8) | byte;
    bits += 8;
    for (; bits >= 5; bits -= 5) text += alphabet.charAt((value >> (bits - 5)) & 31);
    value &= (1 << bits) - 1;
  }
  return bits === 0 ? text : text + alphabet.charAt((value << (5 - bits)) & 31);
}

/** The bytes before the checksum; undefined if it is another one, or if this is not Base32. */
function decode(text: string): Buffer | undefined {
  const bytes: number[] = [];
  let bits = 0;
  let value = 0;
  for (const character of text) {
    const digit = alphabet.indexOf(character);
    if (digit < 0) return undefined;
    value = (value << 5) | digit;
    bits += 5;
    if (bits >= 8) {
      bits -= 8;
      bytes.push(value >> bits);
      value &= (1 << bits) - 1;
    }
  }
  const content = Buffer.from(bytes.slice(0, -2));
  // Written anew it is the same text, or its checksum or its last bits are others.
  return bytes.length > 2 && encode(content) === text ? content : undefined;
}

/** CRC-16/XMODEM. */
function crc16(bytes: Uint8Array): number {
  let crc = 0;
  for (const byte of bytes) {
    crc ^= byte << 8;
    for (let bit = 0; bit < 8; bit += 1) crc = ((crc << 1) ^ (crc & 0x8000 ? 0x1021 : 0)) & 0xffff;
  }
  return crc;
}

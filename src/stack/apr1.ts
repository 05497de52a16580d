import { createHash } from 'node:crypto';

/** As crypt(3) writes bits. */
const alphabet = './0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const saltLength = 8;
const rounds = 1000;
/** Bytes of the digest in the order in which they are written, three at a time (Apache's `apr_md5_encode`). */
const order = [
  [0, 6, 12],
  [1, 7, 13],
  [2, 8, 14],
  [3, 9, 15],
  [4, 10, 5],
] as const;

/**
 * A password as Apache's htpasswd writes it, which Traefik, nginx and Caddy read: `$apr1$<salt>$<hash>`. It tells nobody
 * the password; one that can be guessed can still be found by trying.
 *
 * @param options.salt any text that is no secret: the same makes the same hash, so that a file with it stays as it is
 */
export function apr1(options: { password: string; salt: string }): string {
  const salt = writtenSalt(options.salt);
  const password = Buffer.from(options.password);
  const marked = Buffer.from(salt);
  const both = md5([password, marked, password]);
  const begin: Uint8Array[] = [password, Buffer.from('$apr1$'), marked];
  for (let left = password.length; left > 0; left -= 16) begin.push(both.subarray(0, Math.min(left, 16)));
  for (let bits = password.length; bits > 0; bits >>= 1)
    begin.push(bits & 1 ? Buffer.of(0) : password.subarray(0, 1));
  let hash = md5(begin);
  for (let round = 0; round < rounds; round += 1)
    hash = md5([
      round % 2 === 1 ? password : hash,
      ...(round % 3 === 0 ? [] : [marked]),
      ...(round % 7 === 0 ? [] : [password]),
      round % 2 === 1 ? hash : password,
    ]);
  return `$apr1$${salt}$${written(hash)}`;
}

function writtenSalt(text: string): string {
  const bytes = createHash('sha256').update(text).digest();
  return Array.from(bytes.subarray(0, saltLength), (byte) => alphabet.charAt(byte & 63)).join('');
}

function md5(parts: readonly Uint8Array[]): Buffer {
  const hash = createHash('md5');
  for (const part of parts) hash.update(part);
  return hash.digest();
}

function written(hash: Buffer): string {
  const groups = order.map(([a, b, c]) =>
    bits({ value: (at(hash, a) << 16) | (at(hash, b) << 8) | at(hash, c), count: 4 }),
  );
  return [...groups, bits({ value: at(hash, 11), count: 2 })].join('');
}

function at(hash: Buffer, index: number): number {
  return hash.readUInt8(index);
}

/** The lowest bits first, six at a time. */
function bits(options: { value: number; count: number }): string {
  const { value, count } = options;
  return Array.from({ length: count }, (_, index) => alphabet.charAt((value >> (6 * index)) & 63)).join('');
}

import { createHash, createHmac, pbkdf2Sync, randomBytes, timingSafeEqual } from 'node:crypto';
import { Secret } from '../../../core/secret.ts';

// RFC 5802 and RFC 7677; the text is PostgreSQL's: SCRAM-SHA-256$<iterations>:<salt>$<StoredKey>:<ServerKey>.
const form = /^SCRAM-SHA-256\$(\d+):([A-Za-z0-9+/=]+)\$([A-Za-z0-9+/=]+):([A-Za-z0-9+/=]+)$/;

/** PostgreSQL's default of `scram_iterations`. */
const iterations = 4096;

/** What a server keeps of a password. It is no secret of the worth of the password, and is kept out of output, too. */
export function verifierOf(password: Secret): Secret {
  const salt = randomBytes(16);
  const { stored, server } = keysOf({ password, salt, iterations });
  const text = `SCRAM-SHA-256$${iterations}:${salt.toString('base64')}$${stored.toString('base64')}:${server.toString('base64')}`;
  return new Secret(text);
}

/** Whether a server takes a password, by what it keeps. Any other kind of hash counts as another password. */
export function isVerifiedBy(options: { password: Secret; verifier: Secret }): boolean {
  const { password, verifier } = options;
  const [, rounds = '', salt = '', stored = ''] = form.exec(verifier.reveal()) ?? [];
  if (stored === '') return false;
  const keys = keysOf({ password, salt: Buffer.from(salt, 'base64'), iterations: Number(rounds) });
  const kept = Buffer.from(stored, 'base64');
  return kept.length === keys.stored.length && timingSafeEqual(kept, keys.stored);
}

function keysOf(options: { password: Secret; salt: Buffer; iterations: number }) {
  const { password, salt, iterations } = options;
  const salted = pbkdf2Sync(prepared(password.reveal()), salt, iterations, 32, 'sha256');
  const stored = createHash('sha256').update(hmac(salted, 'Client Key')).digest();
  return { stored, server: hmac(salted, 'Server Key') };
}

function hmac(key: Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}

/** What clients make of a password before they hash it: SASLprep (RFC 4013), which leaves ASCII as it is. */
function prepared(password: string): string {
  return password
    .replace(/[\u00a0\u1680\u2000-\u200b\u202f\u205f\u3000]/g, ' ')
    .replace(/\u00ad|\u034f|\u1806|[\u180b-\u180d]|\u200c|\u200d|\u2060|[\ufe00-\ufe0f]|\ufeff/g, '')
    .normalize('NFKC');
}

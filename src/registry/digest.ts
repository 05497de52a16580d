import { createHash } from 'node:crypto';

/** The digest that registries name bytes by. Only SHA-256 is in use anywhere. */
export function digestOf(bytes: Uint8Array): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}

/** Whether a reference is a digest, and no tag. */
export function isDigest(reference: string): boolean {
  return /^sha256:[0-9a-f]{64}$/.test(reference);
}

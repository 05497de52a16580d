import { isNkeySeed } from '../core/nkey.ts';
import { shortestHidden } from '../core/secret.ts';
import type { SecretManifest } from './model.ts';

/** The characters that a secret may have, by the word in the manifest. */
const alphabets = {
  word: { pattern: /^[A-Za-z0-9._~-]*$/, says: 'letters, digits and . _ ~ -' },
  ascii: { pattern: /^[\x21-\x7e]*$/, says: 'printable ASCII characters without spaces' },
  line: { pattern: /^[^\p{Cc}\u2028\u2029]*$/u, says: 'text of one line' },
  text: { pattern: /^(?:[^\p{Cc}]|[\t\n\r])*$/u, says: 'text' },
} as const;

export type SecretCharacters = keyof typeof alphabets;

export function isSecretCharacters(word: string): word is SecretCharacters {
  return Object.hasOwn(alphabets, word);
}

/**
 * Why a secret cannot have a value, whatever its source; undefined if it can. The text never contains the value.
 *
 * @returns what follows the secret's name: "has 6 characters, and needs at least 32"
 */
export function secretFault(options: { secret: SecretManifest; value: string }): string | undefined {
  const { secret, value } = options;
  const { pattern, says } = alphabets[secret.characters];
  const length = [...value].length;
  const least = secret.sensitive ? Math.max(secret.length.min, shortestHidden) : secret.length.min;
  if (length < least) return `has ${characters(length)}, and needs at least ${least}`;
  if (length > secret.length.max)
    return `has ${characters(length)}, and may have at most ${secret.length.max}`;
  if (!pattern.test(value)) return `may hold only ${says}`;
  return secret.generate.kind === 'nkey' && !isNkeySeed(value)
    ? 'is not the seed of an nkey for a user, which begins with SU'
    : undefined;
}

function characters(count: number): string {
  return count === 1 ? '1 character' : `${count} characters`;
}

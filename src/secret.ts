import { inspect } from 'node:util';

/**
 * A value that must not be shown. Printing, interpolating or serialising one gives `[redacted]`;
 * only `reveal()` gives the text, so every place that needs it can be found by that name.
 */
export class Secret {
  readonly #value: string;
  constructor(value: string) {
    this.#value = value;
  }
  reveal(): string {
    return this.#value;
  }
  toString(): string {
    return '[redacted]';
  }
  toJSON(): string {
    return '[redacted]';
  }
  [inspect.custom](): string {
    return '[redacted]';
  }
}

/**
 * Replaces every occurrence of the given secrets, and every JSON Web Token, in text that comes from elsewhere
 * (container logs, probe answers, Engine errors): LiveKit egress prints a whole token when it is refused.
 */
export function redact(text: string, secrets: Iterable<Secret>): string {
  let shown = text.replace(/\beyJ[\w-]{8,}\.[\w-]+\.[\w-]*/g, '[redacted token]');
  for (const secret of secrets) {
    const value = secret.reveal();
    // Shorter ones would blot out ordinary words; arc generates none that short.
    if (value.length >= 8) shown = shown.replaceAll(value, '[redacted]');
  }
  return shown;
}

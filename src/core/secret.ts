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

/** Fewest characters of a secret that output hides: shorter ones would blot out ordinary words, and are refused. */
export const shortestHidden = 8;

/**
 * All forms of a secret that other programs may print: as it is, line by line, escaped as in YAML, JSON and redis.conf,
 * and as part of a URL.
 */
export function formsOf(secret: Secret): readonly Secret[] {
  const value = secret.reveal();
  const lines = value.split(/[\r\n]+/);
  const forms = [value, ...lines].flatMap((text) => [
    text,
    JSON.stringify(text).slice(1, -1),
    text.replaceAll("'", "'\\''"),
    encodeURIComponent(text.toWellFormed()),
  ]);
  return [...new Set(forms)].filter((text) => text.length >= shortestHidden).map((text) => new Secret(text));
}

/**
 * Replaces every occurrence of the given secrets, and every JSON Web Token, in text that comes from elsewhere
 * (container logs, probe answers, Engine errors): LiveKit egress prints a whole token when it is refused.
 */
export function redact(text: string, secrets: Iterable<Secret>): string {
  let shown = text.replace(/\beyJ[\w-]{8,}\.[\w-]+\.[\w-]*/g, '[redacted token]');
  for (const secret of secrets) {
    const value = secret.reveal();
    if (value.length >= shortestHidden) shown = shown.replaceAll(value, '[redacted]');
  }
  return shown;
}

import { invalid } from '../core/errors.ts';
import { nearest } from '../core/nearest.ts';
import { nkeySeed } from '../core/nkey.ts';
import { Secret } from '../core/secret.ts';
import type { Manifests, SecretManifest } from '../manifest/model.ts';
import { declaredSecrets } from './secrets.ts';

/** A source of random bytes: `randomBytes` of node:crypto. */
export type RandomBytes = (count: number) => Uint8Array;

/** New values, and the names of the secrets that got one. */
export type MadeSecrets = {
  /** By name of the variable, for the secrets file. */
  values: ReadonlyMap<string, Secret>;
  made: readonly string[];
};

/** Makes a value for every declared secret that has none in the secrets file. */
export function generateSecrets(options: {
  manifests: Manifests;
  /** Names of the variables that have a value. */
  existing: ReadonlySet<string>;
  random: RandomBytes;
}): MadeSecrets {
  const { manifests, existing, random } = options;
  const missing = [...declaredSecrets(manifests)].filter(([, { env }]) => !existing.has(env));
  return make({ secrets: missing, random });
}

/**
 * Makes new values for some secrets, or for all where none is named.
 * Throws `unknown-secret` with the nearest name.
 */
export function rotateSecrets(options: {
  manifests: Manifests;
  /** Names of secrets, or of their variables. */
  names: readonly string[];
  random: RandomBytes;
}): MadeSecrets {
  const { manifests, names, random } = options;
  const declared = [...declaredSecrets(manifests)];
  if (names.length === 0) return make({ secrets: declared, random });
  const wanted = names.map((asked) => {
    const found = declared.find(([name, { env }]) => name === asked || env === asked);
    if (found !== undefined) return found;
    const meant = nearest(
      asked,
      declared.flatMap(([name, { env }]) => [name, env]),
    );
    throw invalid({
      code: 'unknown-secret',
      message: `No service has a secret called ${asked}.`,
      suggestion: meant === undefined ? 'see `arc secrets list`' : `did you mean \`${meant}\`?`,
    });
  });
  return make({ secrets: wanted, random });
}

function make(options: {
  secrets: readonly (readonly [string, SecretManifest])[];
  random: RandomBytes;
}): MadeSecrets {
  const values = new Map<string, Secret>();
  for (const [, { env, generate }] of options.secrets) {
    values.set(env, new Secret(newValue({ generate, random: options.random })));
  }
  return { values, made: options.secrets.map(([name]) => name) };
}

function newValue(options: { generate: SecretManifest['generate']; random: RandomBytes }): string {
  const { generate, random } = options;
  return generate.kind === 'nkey'
    ? nkeySeed(random(32))
    : generate.prefix + randomText({ length: generate.length, random });
}

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

/** Random letters and digits, each as likely as any other: bytes that would favour some are thrown away. */
function randomText(options: { length: number; random: RandomBytes }): string {
  const fair = 256 - (256 % alphabet.length);
  let text = '';
  while (text.length < options.length) {
    for (const byte of options.random(options.length - text.length)) {
      if (byte < fair) text += alphabet[byte % alphabet.length];
    }
  }
  return text;
}

import { Secret } from '../core/secret.ts';

/** Names of variables whose values are not for printing. */
const secretName = /(PASSWORD|TOKEN|SECRET|_KEY)(_|$)/;

/** These name a key (a file, a key service), which is not a secret, and has to be in an error about it. */
const keyNames = new Set(['ARC_COSIGN_KEY', 'ARC_COSIGN_PUBLIC_KEY']);

/** The values of an environment that must not be shown, should a program print one of them. */
export function secretsIn(environment: Readonly<Record<string, string | undefined>>): readonly Secret[] {
  return Object.entries(environment).flatMap(([name, value]) =>
    value && secretName.test(name) && !keyNames.has(name) ? [new Secret(value)] : [],
  );
}

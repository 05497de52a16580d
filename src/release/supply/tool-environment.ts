import { Secret } from '../../core/secret.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/** Names of variables whose values are not for printing. */
const secretName = /(PASSWORD|TOKEN|SECRET|_KEY)(_|$)/;

/** These name a key (a file, a key service), which is no secret, and has to be in an error about it. */
const keyNames = new Set(['ARC_COSIGN_KEY', 'ARC_COSIGN_PUBLIC_KEY']);

/**
 * What may sign, publish, or speak for this run: of no use to a program that only reads an image. A scanner's releases
 * were made to collect such variables once (trivy, March 2026: GHSA-69fq-xp46-6x23), so readers do not get them.
 */
const forSignersAlone =
  /^(COSIGN_|SIGSTORE_|ACTIONS_|GITHUB_TOKEN$|GH_TOKEN$|NPM_TOKEN$|NODE_AUTH_TOKEN$|ARC_)/;

/** The values that must not be shown, should a program print one of them. */
export function secretsIn(environment: Environment): readonly Secret[] {
  return Object.entries(environment).flatMap(([name, value]) =>
    value && secretName.test(name) && !keyNames.has(name) ? [new Secret(value)] : [],
  );
}

/** The environment for programs that read images from a registry: Docker's login stays, what signs goes. */
export function readerEnvironment(environment: Environment): Environment {
  const key = /^env:\/\/(.+)$/.exec(environment.ARC_COSIGN_KEY ?? '')?.[1];
  return Object.fromEntries(
    Object.entries(environment).filter(([name]) => !forSignersAlone.test(name) && name !== key),
  );
}

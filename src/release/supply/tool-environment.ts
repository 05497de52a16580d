export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Variables that can sign, publish, or speak for this run: useless to a program that only reads an image. A compromised
 * release of a scanner once collected such variables (trivy, March 2026: GHSA-69fq-xp46-6x23), so readers do not get
 * them.
 */
const forSignersAlone =
  /^(COSIGN_|SIGSTORE_|ACTIONS_|GITHUB_TOKEN$|GH_TOKEN$|NPM_TOKEN$|NODE_AUTH_TOKEN$|ARC_)/;

/** The environment for programs that read images from a registry: Docker's login stays, what signs goes. */
export function readerEnvironment(environment: Environment): Environment {
  const key = /^env:\/\/(.+)$/.exec(environment.ARC_COSIGN_KEY ?? '')?.[1];
  return Object.fromEntries(
    Object.entries(environment).filter(([name]) => !forSignersAlone.test(name) && name !== key),
  );
}

/**
 * Code of others that generated workflows run, all of it in one place. A tag can be moved to other code, a commit
 * cannot: in March 2026 all but one tag of an action that scans images were, for some hours, pointed at a thief of
 * secrets (GHSA-69fq-xp46-6x23).
 *
 * To renew one, read what changed up to the new version, then take the commit of its tag; where two lines are
 * printed, the one with `^{}`:
 *
 *     git ls-remote https://github.com/actions/checkout 'v7*'
 *
 * and run `arc generate`, so that workflows, and the tests that lint them, have it.
 */
export const actions = {
  checkout: {
    name: 'actions/checkout',
    commit: '3d3c42e5aac5ba805825da76410c181273ba90b1',
    version: 'v7.0.1',
  },
  setupNode: {
    name: 'actions/setup-node',
    commit: '820762786026740c76f36085b0efc47a31fe5020',
    version: 'v7.0.0',
  },
  setupBuildx: {
    name: 'docker/setup-buildx-action',
    commit: '37fe631027851001ddb9b187196cc803df7f5f0e',
    version: 'v4.3.0',
  },
  setupTrivy: {
    name: 'aquasecurity/setup-trivy',
    commit: '81e514348e19b6112ce2a7e3ecbafe19c1e1f567',
    version: 'v0.3.1',
  },
  // It installs the version of cosign whose checksum it contains.
  installCosign: {
    name: 'sigstore/cosign-installer',
    commit: '6f9f17788090df1f26f669e9d70d6ae9567deba6',
    version: 'v4.1.2',
  },
} as const satisfies Record<string, { name: string; commit: string; version: string }>;

export type Action = (typeof actions)[keyof typeof actions];

/** Tools that those actions, or a script of the tool's own, bring at a version that is named to them. */
export const tools = {
  node: { version: '24' },
  // It builds the same image from the same commit; another version may not.
  buildkit: { version: 'v0.30.0' },
  trivy: { version: 'v0.74.0' },
  // The commit of the tag whose install script runs. Syft's own action is no pin, because it runs the script of the
  // main branch.
  syft: { version: 'v1.51.0', commit: '2293641e3bd628a01bb37639318d62c0ebe89b39' },
} as const;

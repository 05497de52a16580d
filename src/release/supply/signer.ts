import { type NotRun, notRun } from './not-run.ts';
import { findTool } from './tool.ts';
import type { Environment } from './tool-environment.ts';

/** How images are signed: with a key, or as the workflow that runs, for which GitHub vouches. */
export type Signer = { kind: 'key'; key: string } | ({ kind: 'keyless' } & SignerIdentity);

/** Identity of a signer without a key, as in the certificate. */
export type SignerIdentity = {
  /** `https://github.com/<owner>/<name>/.github/workflows/<file>@<ref>` */
  identity: string;
  issuer: string;
};

/** GitHub Actions' own, for runs on github.com. */
const actionsIssuer = 'https://token.actions.githubusercontent.com';

/** Key services, as cosign writes them: what they hold needs no password. */
const keyService = /^(?:awskms|azurekms|gcpkms|hashivault|k8s|gitlab):\/\//;

/**
 * The identity that signs the releases of a service: the workflow that runs, at the tag of that release. The
 * certificate of a run contains exactly this, so signatures of any other workflow, branch or repository do not count.
 * If one workflow calls another, the certificate names the called one (`job_workflow_ref`):
 * https://github.com/sigstore/fulcio/blob/main/docs/oidc.md
 *
 * @param options.repository `https://github.com/arc-framework/arc`
 * @param options.version with its `v`
 */
export function releaseIdentity(options: {
  repository: string;
  service: string;
  version: string;
}): SignerIdentity {
  const { repository, service, version } = options;
  return {
    identity: `${repository}/.github/workflows/arc.yml@refs/tags/${service}/${version}`,
    issuer: actionsIssuer,
  };
}

/**
 * Finds out whether images can be signed here, before anything is built. Nobody can be asked later: cosign would open a
 * browser, or ask for a password.
 *
 * @param options.sign `release.sign` of arc.yaml
 */
export function chooseSigner(options: {
  sign: 'none' | 'keyless' | 'key';
  identity: SignerIdentity;
  environment: Environment;
}): Signer | NotRun {
  const { sign, identity, environment } = options;
  if (sign === 'none') return notRun('release.sign is "none" in arc.yaml');
  const cosign = findTool('cosign', environment);
  if (cosign.kind === 'not-run') return cosign;
  return sign === 'keyless' ? keyless(identity, environment) : withKey(environment);
}

function keyless(identity: SignerIdentity, environment: Environment): Signer | NotRun {
  const inActions = environment.ACTIONS_ID_TOKEN_REQUEST_URL && environment.ACTIONS_ID_TOKEN_REQUEST_TOKEN;
  if (inActions || environment.SIGSTORE_ID_TOKEN) return { kind: 'keyless', ...identity };
  return notRun(
    'signing without a key needs an identity, and there is none here',
    'release from the workflow, with "id-token: write" among the permissions of its job',
  );
}

function withKey(environment: Environment): Signer | NotRun {
  const key = environment.ARC_COSIGN_KEY;
  if (!key) {
    return notRun(
      'ARC_COSIGN_KEY does not name a key',
      'set it to a file, to env://<variable>, or to the address of a key service; cosign generate-key-pair makes a key',
    );
  }
  if (key.includes('\n') || key.includes('-----BEGIN')) {
    // It would become an argument of a process, which every user of the machine can read.
    return notRun(
      'ARC_COSIGN_KEY contains a key, but it must name one',
      'put the key into a variable of another name, and set ARC_COSIGN_KEY to env://<that name>',
    );
  }
  if (environment.COSIGN_PASSWORD === undefined && !keyService.test(key)) {
    return notRun(
      'COSIGN_PASSWORD is not set',
      "set it to the key's password, to nothing where it has none: COSIGN_PASSWORD=",
    );
  }
  return { kind: 'key', key };
}

/** How signatures are checked: with the public part of a key, or by who signed. */
export type Verifier = { kind: 'key'; key: string } | ({ kind: 'keyless' } & SignerIdentity);

/**
 * Finds out whether signatures can be checked here. A reader has no private key, so the public key has its own
 * variable: a file, an address, `env://<variable>`, or the address of a key service.
 *
 * @param options.sign `release.sign` of arc.yaml
 */
export function chooseVerifier(options: {
  sign: 'none' | 'keyless' | 'key';
  identity: SignerIdentity;
  environment: Environment;
}): Verifier | NotRun {
  const { sign, identity, environment } = options;
  if (sign === 'none') return notRun('release.sign is "none" in arc.yaml');
  const cosign = findTool('cosign', environment);
  if (cosign.kind === 'not-run') return cosign;
  if (sign === 'keyless') return { kind: 'keyless', ...identity };
  if (environment.ARC_COSIGN_PUBLIC_KEY) return { kind: 'key', key: environment.ARC_COSIGN_PUBLIC_KEY };
  return notRun(
    'ARC_COSIGN_PUBLIC_KEY does not name the public key',
    'set it to the file that cosign generate-key-pair called cosign.pub, or to its address',
  );
}

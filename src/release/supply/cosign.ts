import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeEnd, type ProcessEnd, succeeded } from '../../host/process-end.ts';
import type { Repository } from '../../registry/model.ts';
import { repositoryName } from '../../registry/reference.ts';
import { type NotRun, notRun } from './not-run.ts';
import type { Signer, Verifier } from './signer.ts';
import { type FoundTool, runTool, type ToolRun, toolFailed } from './tool.ts';
import type { Environment } from './tool-environment.ts';

/** Options that all calls to cosign share. */
export type CosignContext = {
  cosign: FoundTool;
  repo: Repository;
  environment: Environment;
  signal: AbortSignal;
};

/** The state of the signatures on a manifest. */
export type SignatureState =
  | { kind: 'valid' }
  /** There is no signature. */
  | { kind: 'missing' }
  /** Somebody else signed. */
  | { kind: 'untrusted'; reason: string }
  | NotRun;

/** Longer than cosign's own limit of 3 minutes, which then speaks first. */
const limitMilliseconds = 4 * 60_000;

/** Exit statuses of `cosign verify`, from cmd/cosign/errors of cosign 3.1. */
const exitStatuses = { withoutSignature: 10, noMatchingSignature: 12 } as const;

/** The variable that hands a public key over, which needs no file then. */
const publicKeyVariable = 'ARC_COSIGN_PUBLIC_PEM';

/**
 * Signatures by key stay out of the public transparency log: users know the key from elsewhere and may be in a closed
 * network, and entries in the log are permanent. With a signing configuration and a trusted root that name no service,
 * cosign 3 contacts only the registry; without them it fetches both from sigstore.dev.
 */
const noServices = {
  'signing-config': '{"mediaType":"application/vnd.dev.sigstore.signingconfig.v0.2+json"}',
  'trusted-root': '{"mediaType":"application/vnd.dev.sigstore.trustedroot+json;version=0.1"}',
} as const;

/**
 * Signs a manifest by its digest.
 *
 * @throws ArcError (exit status 1) `signing-failed`
 */
export async function signManifest(
  context: CosignContext & { signer: Signer; digest: string },
): Promise<void> {
  const { signer, repo, digest } = context;
  const reference = `${repositoryName(repo)}@${digest}`;
  const sign = (...options: readonly string[]) =>
    run(context, ['sign', '--yes', ...options, reference], context.environment);
  const ended =
    signer.kind === 'keyless'
      ? await sign()
      : await withNoServices((options) => sign('--key', signer.key, ...options));
  if (succeeded(ended)) return;
  throw toolFailed({
    code: 'signing-failed',
    run: ended,
    task: `sign ${reference}`,
    suggestion: /unknown flag/.test(ended.stderr)
      ? 'arc needs cosign 3 or newer'
      : signer.kind === 'key'
        ? 'check ARC_COSIGN_KEY and COSIGN_PASSWORD, and that the login may push to the registry'
        : 'check that the job has "id-token: write", and that it can reach sigstore.dev and the registry',
  });
}

/**
 * The public part of a private key, to check with what has been signed.
 *
 * @throws ArcError (exit status 1) `signing-failed`
 */
export async function publicKeyOf(context: CosignContext & { key: string }): Promise<string> {
  const ended = await run(context, ['public-key', '--key', context.key], context.environment);
  if (succeeded(ended)) return ended.stdout.toString('utf8').trim();
  throw toolFailed({
    code: 'signing-failed',
    run: ended,
    task: 'read the key that ARC_COSIGN_KEY names',
    suggestion: 'check ARC_COSIGN_KEY and COSIGN_PASSWORD',
  });
}

/** Asks whether a manifest has a signature that counts. The key of a verifier may be a public key itself, in PEM. */
export async function checkSignature(
  context: CosignContext & { verifier: Verifier; digest: string },
): Promise<SignatureState> {
  const { verifier, repo, digest } = context;
  const inline = verifier.kind === 'key' && verifier.key.includes('-----BEGIN PUBLIC KEY-----');
  const options =
    verifier.kind === 'keyless'
      ? ['--certificate-identity', verifier.identity, '--certificate-oidc-issuer', verifier.issuer]
      : ['--key', inline ? `env://${publicKeyVariable}` : verifier.key, '--insecure-ignore-tlog=true'];
  const ended = await run(
    context,
    ['verify', ...options, `${repositoryName(repo)}@${digest}`],
    inline ? { ...context.environment, [publicKeyVariable]: verifier.key } : context.environment,
  );
  return signatureState(ended);
}

/**
 * Interprets the end of `cosign verify`. A failure that is not about signatures (a key, the network) leaves the
 * question open.
 */
export function signatureState(ended: ProcessEnd & Pick<ToolRun, 'stderr'>): SignatureState {
  if (succeeded(ended)) return { kind: 'valid' };
  const status = ended.kind === 'exited' ? ended.status : undefined;
  if (status === exitStatuses.withoutSignature) return { kind: 'missing' };
  const reason = reasonOf(ended);
  // Cosign 3.1 ends with 1 where a bundle does not match, and keeps 12 for signatures of the old format.
  const unmatched = /no matching (?:signatures|attestations)/.test(reason);
  if (status === exitStatuses.noMatchingSignature || unmatched) return { kind: 'untrusted', reason };
  return notRun(`cosign could not check it: ${reason}`);
}

/** The error that cosign ends with, without the words that it puts before it. */
function reasonOf(ended: ProcessEnd & Pick<ToolRun, 'stderr'>): string {
  const line = ended.stderr.split('\n').find((each) => each.startsWith('Error: '));
  return (line ?? `it ${describeEnd(ended)}`).replace(/^Error: /, '').trim();
}

async function withNoServices<Result>(
  work: (options: readonly string[]) => Promise<Result>,
): Promise<Result> {
  const folder = await mkdtemp(join(tmpdir(), 'arc-sign-'));
  try {
    const options: string[] = [];
    for (const [name, text] of Object.entries(noServices)) {
      const file = join(folder, `${name}.json`);
      await writeFile(file, text);
      options.push(`--${name}`, file);
    }
    return await work(options);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function run(context: CosignContext, args: readonly string[], environment: Environment): Promise<ToolRun> {
  return runTool({
    found: context.cosign,
    args,
    environment,
    limitMilliseconds,
    signal: context.signal,
  });
}

import { type ArcError, failed } from '../../core/errors.ts';
import { isLoopback } from '../../registry/address.ts';
import type { Repository } from '../../registry/model.ts';
import { repositoryName } from '../../registry/reference.ts';
import { type NotRun, notRun } from './not-run.ts';
import { type Scanner, type ScanOutcome, scanOutcome, type Vulnerability } from './scan-report.ts';
import { type FoundTool, findTool, runTool, toolFailed } from './tool.ts';
import { type Environment, readerEnvironment } from './tool-environment.ts';

export type ScanResult = Exclude<ScanOutcome, { kind: 'unclear' }>;

/** The image is downloaded, and the database of vulnerabilities too where it is not here yet. */
const limitMilliseconds = 15 * 60_000;

/** The scanner that will be used: trivy, or grype where only that one is there. */
export function findScanner(environment: Environment): (FoundTool & { tool: Scanner }) | NotRun {
  for (const tool of ['trivy', 'grype'] as const) {
    const found = findTool(tool, environment);
    if (found.kind === 'found') return { ...found, tool };
  }
  return notRun(
    'neither trivy nor grype is installed',
    'install trivy: https://trivy.dev/latest/getting-started/installation/',
  );
}

/**
 * Looks for critical vulnerabilities in one platform of an image that is in a registry. The scanner's own files in the
 * workspace say what is accepted (`.trivyignore`, `.grype.yaml`).
 *
 * `not-run` is for the caller to decide on: `arc release` shows it in the plan and goes on, unless it was called with
 * `--require-scan`.
 *
 * @param options.root the workspace
 * @throws ArcError (exit status 1) `scan-failed` if the scanner fails for another reason than its database
 */
export async function scanImage(options: {
  repo: Repository;
  image: { platform: string; digest: string };
  root: string;
  environment: Environment;
  signal: AbortSignal;
}): Promise<ScanResult> {
  const { repo, image, root, signal } = options;
  const found = findScanner(options.environment);
  if (found.kind === 'not-run') return found;
  const reference = `${repositoryName(repo)}@${image.digest}`;
  const run = await runTool({
    found,
    args: argumentsOf[found.tool]({ reference, platform: image.platform }),
    environment: scannerEnvironment({ registry: repo.registry, environment: options.environment }),
    cwd: root,
    limitMilliseconds,
    signal,
  });
  const outcome = scanOutcome(found.tool, run);
  if (outcome.kind !== 'unclear') return outcome;
  throw toolFailed({ code: 'scan-failed', run, task: `scan ${reference} (${image.platform})` });
}

/** The error for an image that must not be released. */
export function vulnerableImage(options: {
  reference: string;
  platform: string;
  scanner: Scanner;
  vulnerabilities: readonly Vulnerability[];
}): ArcError {
  const { reference, platform, scanner, vulnerabilities } = options;
  const count = vulnerabilities.length;
  return failed({
    code: 'image-vulnerable',
    message: `${scanner} found ${count === 1 ? 'a critical vulnerability' : `${count} critical vulnerabilities`} in ${reference} (${platform}).`,
    detail: vulnerabilities.map(
      ({ id, package: name, installed, fixed }) =>
        `${id}: ${name} ${installed}, ${fixed === undefined ? 'not fixed yet' : `fixed in ${fixed}`}`,
    ),
    suggestion: `take a newer base (arc images lock --update), or accept one that does not apply here, with the reason, in ${scanner === 'trivy' ? '.trivyignore' : '.grype.yaml'}`,
  });
}

const argumentsOf: Record<Scanner, (of: { reference: string; platform: string }) => readonly string[]> = {
  trivy: ({ reference, platform }) => [
    'image',
    '--image-src',
    'remote',
    '--platform',
    platform,
    '--scanners',
    'vuln',
    '--severity',
    'CRITICAL',
    '--format',
    'json',
    // Not --quiet: that would swallow the reason of a failure too.
    '--no-progress',
    '--timeout',
    `${limitMilliseconds / 1000}s`,
    reference,
  ],
  grype: ({ reference, platform }) => [`registry:${reference}`, '--platform', platform, '--output', 'json'],
};

/**
 * The scanners' settings are variables, which versions that do not know one ignore: nothing is sent to their makers, and
 * plain HTTP is for this machine alone, which trivy takes for granted.
 */
function scannerEnvironment(options: { registry: string; environment: Environment }): Environment {
  return {
    ...readerEnvironment(options.environment),
    TRIVY_SKIP_VERSION_CHECK: 'true',
    TRIVY_DISABLE_TELEMETRY: 'true',
    GRYPE_CHECK_FOR_APP_UPDATE: 'false',
    GRYPE_REGISTRY_INSECURE_USE_HTTP: String(isLoopback(options.registry)),
  };
}

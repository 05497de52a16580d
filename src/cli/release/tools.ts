import { ArcError, exitStatus } from '../../core/errors.ts';
import { openBuilder } from '../../images/builder/open-builder.ts';
import type { ReleaseRequest, ToolFinder, ToolState } from '../../release/model.ts';
import { publicKeyOf } from '../../release/supply/cosign.ts';
import type { NotRun } from '../../release/supply/not-run.ts';
import { findScanner } from '../../release/supply/scan.ts';
import { chooseSigner, releaseIdentity } from '../../release/supply/signer.ts';
import { findTool } from '../../release/supply/tool.ts';
import type { Cli } from '../cli.ts';

/** Which of the tools that steps need are on this machine, and what is missing of the others. */
export function findTools(options: {
  cli: Cli;
  root: string;
  request: ReleaseRequest;
  unsigned: boolean;
}): ToolFinder {
  const { cli, root, request, unsigned } = options;
  const { environment, signal } = cli;
  const scanner = findScanner(environment);
  return {
    builder: () => findBuilder({ root, environment, signal }),
    sbom: stateOf(findTool('syft', environment), 'syft'),
    scanner: stateOf(scanner, 'tool' in scanner ? scanner.tool : ''),
    signer: () =>
      unsigned
        ? Promise.resolve({ there: false, reason: '--unsigned was given' })
        : findSigner({ request, environment, signal }),
  };
}

/** @throws ArcError where buildx is there and cannot be asked */
async function findBuilder(options: Parameters<typeof openBuilder>[0]): Promise<ToolState> {
  try {
    return { there: true, name: (await openBuilder(options)).name };
  } catch (error) {
    if (!(error instanceof ArcError) || error.status !== exitStatus.prerequisite) throw error;
    return missing(error);
  }
}

/** A key is opened once before anything is built, which is how a wrong name or password is found out in time. */
async function findSigner(options: {
  request: ReleaseRequest;
  environment: Cli['environment'];
  signal: AbortSignal;
}): Promise<ToolState> {
  const { request, environment, signal } = options;
  const signer = chooseSigner({ sign: request.sign, identity: releaseIdentity(request), environment });
  const cosign = findTool('cosign', environment);
  const [image] = request.images;
  if (signer.kind !== 'key' || cosign.kind === 'not-run' || image === undefined)
    return stateOf(signer, 'cosign');
  try {
    await publicKeyOf({ cosign, repo: image.repository, environment, signal, key: signer.key });
    return { there: true, name: 'cosign' };
  } catch (error) {
    if (!(error instanceof ArcError)) throw error;
    return missing(error);
  }
}

function missing({ problems }: ArcError): ToolState {
  const [{ message, detail = [], suggestion }] = problems;
  const reason = [message, ...detail].join(' ');
  return { there: false, reason, ...(suggestion === undefined ? {} : { suggestion }) };
}

function stateOf(found: { kind: string } | NotRun, name: string): ToolState {
  if (!('reason' in found)) return { there: true, name };
  const { reason, suggestion } = found;
  return { there: false, reason, ...(suggestion === undefined ? {} : { suggestion }) };
}

import { ArcError } from '../../errors.ts';
import { openBuilder } from '../../images/builder/open-builder.ts';
import type { ReleaseRequest, ReleaseSnapshot, ToolState } from '../../release/model.ts';
import type { NotRun } from '../../release/supply/not-run.ts';
import { findScanner } from '../../release/supply/scan.ts';
import { chooseSigner, releaseIdentity } from '../../release/supply/signer.ts';
import { findTool } from '../../release/supply/tool.ts';
import type { Cli } from '../cli.ts';

/** Which of the tools that steps need are on this machine, and what is missing of the others. */
export async function findTools(options: {
  cli: Cli;
  root: string;
  request: ReleaseRequest;
}): Promise<ReleaseSnapshot['tools']> {
  const { cli, root, request } = options;
  const { environment, signal } = cli;
  return {
    builder: await findBuilder({ root, environment, signal }),
    sbom: stateOf(findTool('syft', environment), 'syft'),
    scanner: stateOf(findScanner(environment)),
    signer: stateOf(
      chooseSigner({ sign: request.sign, identity: releaseIdentity(request), environment }),
      'cosign',
    ),
  };
}

async function findBuilder(options: Parameters<typeof openBuilder>[0]): Promise<ToolState> {
  try {
    return { there: true, name: (await openBuilder(options)).name };
  } catch (error) {
    if (!(error instanceof ArcError)) throw error;
    const [{ message, detail = [], suggestion }] = error.problems;
    return { there: false, reason: [message, ...detail, suggestion ?? ''].join(' ').trim() };
  }
}

function stateOf(found: { kind: string; tool?: string } | NotRun, name?: string): ToolState {
  if (found.kind === 'not-run' && 'reason' in found) {
    const { reason, suggestion } = found;
    return { there: false, reason: suggestion === undefined ? reason : `${reason}; ${suggestion}` };
  }
  return { there: true, name: name ?? ('tool' in found ? (found.tool ?? '') : '') };
}

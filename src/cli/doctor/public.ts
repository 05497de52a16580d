import type { SelectionOptions } from '../../app/request.ts';
import { defined } from '../../core/defined.ts';
import { ArcError, exitStatus } from '../../core/errors.ts';
import type { CheckedFinding } from '../../doctor/examine.ts';
import { openEngine } from '../../doctor/open-engine.ts';
import { examinePublic } from '../../doctor/public/examine.ts';
import { outsideOf } from '../../host/outside.ts';
import type { Manifests } from '../../manifest/model.ts';
import { engineAddress } from '../../platform/docker/engine-address.ts';
import type { Cli } from '../cli.ts';
import { findStack } from './find-stack.ts';

/**
 * What others can reach of a production profile, or of what is named.
 *
 * @throws ArcError `no-workspace`, what is wrong with the workspace, or that no Engine answers
 */
export async function lookFromOutside(
  options: SelectionOptions,
  cli: Cli,
): Promise<readonly CheckedFinding[]> {
  const otherwise = ({ profiles }: Manifests): readonly string[] =>
    profiles.flatMap(({ name, production }) => (production ? [name] : [])).slice(0, 1);
  // One after the other: an Engine has little time to answer, and resolving a stack keeps this process busy.
  const opened = await openEngine(cli.environment);
  try {
    if (opened instanceof ArcError) throw opened;
    const workspace = await findStack({ ...options, otherwise }, cli);
    if (workspace instanceof ArcError) throw workspace;
    if (workspace === undefined)
      throw new ArcError({
        problem: {
          code: 'no-workspace',
          message: 'This folder is not within a workspace, so there is nothing that others could reach.',
          suggestion: 'go to a folder with an arc.yaml',
        },
        status: exitStatus.invalid,
      });
    const engine = await engineAddress(cli.environment);
    return await examinePublic({
      stack: workspace.stack,
      running: opened.facts.running,
      outside: outsideOf({ signal: cli.signal }),
      ...defined({ engineAddress: engine?.address }),
    });
  } finally {
    if (!(opened instanceof ArcError)) opened.connection.close();
  }
}

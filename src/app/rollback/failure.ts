import { ArcError, exitStatus } from '../../core/errors.ts';
import type { RollbackDraft } from './draft.ts';

type Given = { error: unknown; draft: Pick<RollbackDraft, 'service' | 'release' | 'from'> };

/**
 * The error of an interrupted rollback. Because another version runs now, the same command without a version would go
 * one release further back.
 */
export function interruptedRollback({ error, draft }: Given): unknown {
  if (!(error instanceof ArcError) || error.status !== exitStatus.interrupted) return error;
  const [first, ...rest] = error.problems;
  const { service, release } = draft;
  const suggestion = `arc rollback ${service} ${release.version} continues; arc up ${service} returns to the images in the manifests`;
  return new ArcError({
    problem: [{ ...first, suggestion }, ...rest],
    status: error.status,
    cause: error.cause,
  });
}

/** The error of a rollback whose containers were touched: what went wrong, and how to go forward again. */
export function failedRollback({ error, draft }: Given): unknown {
  if (!(error instanceof ArcError) || error.status !== exitStatus.failed) return error;
  const { service, release, from } = draft;
  const before = new Set(from.map(({ version }) => version));
  const [version] = before;
  const released = before.size === 1 && version && version !== release.version ? version : undefined;
  return new ArcError({
    problem: [
      ...error.problems,
      {
        code: 'rollback-failed',
        message: `${service} does not run as it should on ${release.version}. Data is kept.`,
        suggestion: `arc up ${service} returns to the images in the manifests${released === undefined ? '' : `; arc rollback ${service} ${released} to the release that ran before`}`,
      },
    ],
    status: error.status,
    cause: error.cause,
  });
}

import { isDone, type RollbackDraft } from '../../app/rollback/draft.ts';
import { containersOf } from '../../app/rollback/rolled-back-stack.ts';
import { shortCommit } from '../../git/source.ts';
import type { Execution } from '../../platform/docker/execute.ts';
import { parseReference } from '../../registry/reference.ts';
import { lostText } from '../lost-text.ts';
import { formatAddress } from '../output/address.ts';
import { formatElapsed } from '../output/renderer.ts';
import { formatTable } from '../output/table.ts';
import { stepsAnswer } from '../steps-answer.ts';
import { printDraft } from './draft-text.ts';

/** The answer of a rollback: which images run now, and how to return. */
export function rollbackAnswer(options: {
  draft: RollbackDraft;
  /** Absent if nothing was carried out. */
  execution?: Execution;
  columns: number;
}): { data: unknown; text: () => string } {
  const { draft, execution, columns } = options;
  const { service, release, from, seen } = draft;
  const readyAfter = new Map(execution?.ready.map(({ role, milliseconds }) => [role, milliseconds]));
  const containers = containersOf({ service, stack: seen.stack }).filter(({ kind }) => kind === 'service');
  return {
    data: {
      service,
      version: release.version,
      revision: release.revision,
      from: from.map(({ role, version }) => ({ role, version })),
      dryRun: execution === undefined,
      changed: execution !== undefined && !isDone(draft),
      steps: stepsAnswer(seen.plan),
      lost: execution === undefined ? [] : seen.losses,
      containers: containers.map(({ role, name, image }) => ({
        role,
        name,
        image: image.reference,
        digest: parseReference(image.reference).digest ?? null,
        readyAfterMilliseconds: readyAfter.get(role) ?? null,
      })),
    },
    text: () => {
      if (execution === undefined) return printDraft(draft);
      const commit = `commit ${shortCommit(release.revision)}`;
      const rows = containers.map((container) => [
        container.name,
        (parseReference(container.image.reference).digest ?? '').replace('sha256:', '').slice(0, 12),
        formatElapsed(readyAfter.get(container.role) ?? 0),
        container.ports.map(formatAddress).join(' '),
      ]);
      return [
        [
          isDone(draft)
            ? `Nothing to do: ${service} runs ${release.version} (${commit}), and is healthy.`
            : `${service} runs ${release.version} (${commit}), healthy after ${formatElapsed(execution.milliseconds)}.`,
          ...lostText(seen.losses),
        ].join('\n'),
        formatTable({ headings: ['CONTAINER', 'DIGEST', 'READY', 'WHERE'], rows, columns }),
        `\`arc up ${service}\` returns to the images in the manifests.`,
      ].join('\n\n');
    },
  };
}

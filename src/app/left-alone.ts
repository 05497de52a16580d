import { adoptedVolumes, type NotMadeByArc } from '../platform/docker/not-made-by-arc.ts';
import type { Snapshot } from '../platform/docker/snapshot.ts';
import type { Stack } from '../stack/model.ts';
import type { Context } from './context.ts';

/** The objects that a removal left in place, and the commands that remove them. */
export function leftAlone(left: readonly NotMadeByArc[]): readonly string[] {
  if (left.length === 0) return [];
  return [
    'Not removed, because arc did not create it:',
    ...left.map(({ kind, name }) => `  ${kind} ${name}, which ${removal({ kind, name })} removes`),
  ];
}

function removal({ kind, name }: NotMadeByArc): string {
  switch (kind) {
    case 'container':
      return `\`docker rm -f ${name}\``;
    case 'volume':
      return `\`docker volume rm ${name}\``;
    case 'network':
      return `\`docker network rm ${name}\``;
    default:
      return kind satisfies never;
  }
}

/** A boot says once that a container gets data that was there before. */
export function warnOfAdopted(options: {
  context: Context;
  stack: Pick<Stack, 'containers'>;
  snapshot: Snapshot;
}): void {
  for (const { volume, container } of adoptedVolumes(options))
    options.context.emit({
      type: 'warning',
      problem: {
        code: 'adopted-volume',
        message: `The volume ${volume} already exists, and arc did not create it: ${container} uses the data in it.`,
        suggestion: `\`arc clean\` and \`arc nuke\` leave it; \`docker volume rm ${volume}\` removes it`,
      },
    });
}

import type { Manifests } from '../manifest/model.ts';
import { orphansOf } from '../platform/docker/orphans.ts';
import type { Snapshot } from '../platform/docker/snapshot.ts';
import { describedRoles } from './chosen-roles.ts';
import type { Context } from './context.ts';

/** A boot leaves orphans alone, because somebody may need their data, and reports them every time. */
export function warnOfOrphans(options: { context: Context; snapshot: Snapshot; manifests: Manifests }): void {
  const { context, snapshot, manifests } = options;
  for (const orphan of orphansOf({ snapshot, described: describedRoles(manifests) }))
    context.emit({
      type: 'warning',
      problem: {
        code: 'orphan',
        message: `${orphan.name} (${orphan.state}) belongs to this project, but no manifest describes it any more, so arc leaves it unchanged.`,
        suggestion: `\`arc down ${orphan.role}\` stops and removes it, and keeps its data`,
      },
    });
}

/** The same below a table. */
export function orphanNote({ role, name }: { role: string; name: string }): string {
  return `No manifest describes ${name} any more; \`arc down ${role}\` stops and removes it.`;
}

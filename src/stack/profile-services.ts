import type { Manifests } from '../manifest/model.ts';
import { close } from './graph.ts';
import { select } from './selection.ts';
import { indexWorkspace } from './workspace-index.ts';

/** The services that a profile boots, those that are pulled in by a dependency included. Whether it could boot now does not count. */
export function profileServices(options: { manifests: Manifests; profile: string }): readonly string[] {
  const { manifests, profile } = options;
  const index = indexWorkspace(manifests);
  const selection = select({ manifests, index, selection: [profile], without: [] });
  const { included } = close({
    index,
    roles: selection.roles,
    named: selection.named,
    leftOut: new Set(),
    absent: new Map(),
    absences: new Map(),
    present: new Set(),
  });
  return [...new Set(Array.from(included.values(), ({ service }) => service.role))].sort();
}

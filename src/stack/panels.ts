import type { Manifests } from '../manifest/model.ts';
import type { PanelManifest } from '../manifest/model-metrics.ts';
import { seriesNames, usedNames } from './metric-names.ts';
import { exportersOf } from './scrapes.ts';
import { indexWorkspace } from './workspace-index.ts';

/**
 * Every panel of the workspace, with the roles of which one would have to run to fill it.
 *
 * @param options.running roles that have a container
 */
export function panelsAmong(options: {
  manifests: Manifests;
  running: ReadonlySet<string>;
}): readonly { panel: PanelManifest; missing: readonly string[] }[] {
  const { manifests, running } = options;
  const declared = seriesNames({ exporters: exportersOf(indexWorkspace(manifests)) });
  return manifests.services.flatMap(({ panels }) =>
    panels.map((panel) => {
      const used = panel.queries.flatMap(({ expr }) => [...usedNames({ expr, declared })]);
      const unfilled = used
        .map((name) => [...(declared.get(name) ?? [])])
        .filter((roles) => !roles.some((role) => running.has(role)));
      return { panel, missing: [...new Set(unfilled.flat())] };
    }),
  );
}

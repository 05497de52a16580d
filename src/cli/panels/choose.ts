import { invalid } from '../../core/errors.ts';
import { nearest } from '../../core/nearest.ts';
import type { Manifests } from '../../manifest/model.ts';
import type { PanelManifest } from '../../manifest/model-metrics.ts';
import { panelsAmong } from '../../stack/panels.ts';

/** A panel that cannot be drawn, and the roles that export its metrics, none of which runs. */
export type Undrawn = { name: string; title: string; needs: readonly string[] };

/**
 * The panels that are meant, and those whose metrics nothing that runs exports.
 *
 * @param options.names as typed; all panels where there are none
 * @throws ArcError `unknown-panel` with the nearest name
 */
export function choosePanels(options: {
  manifests: Manifests;
  running: ReadonlySet<string>;
  names: readonly string[];
}): { chosen: readonly PanelManifest[]; without: readonly Undrawn[] } {
  const { manifests, running, names } = options;
  const all = panelsAmong({ manifests, running });
  const known = all.map(({ panel }) => panel.name);
  for (const name of names) {
    if (known.includes(name)) continue;
    const meant = nearest(name, known);
    throw invalid({
      code: 'unknown-panel',
      message: `No service declares a panel called ${name}.`,
      suggestion: meant === undefined ? `there are ${known.join(', ')}` : `did you mean \`${meant}\`?`,
    });
  }
  const meant = all.filter(({ panel }) => names.length === 0 || names.includes(panel.name));
  return {
    chosen: meant.filter(({ missing }) => missing.length === 0).map(({ panel }) => panel),
    without: meant
      .filter(({ missing }) => missing.length > 0)
      .map(({ panel: { name, title }, missing }) => ({ name, title, needs: missing })),
  };
}

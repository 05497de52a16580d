import type { PanelManifest, PanelQuery } from '../../manifest/model-metrics.ts';
import type { Series } from '../../providers/metrics-source.ts';
import type { AskMetrics } from './source.ts';

export type DrawnSeries = { name: string; points: Series['points'] };

/** A panel with what its queries answered. */
export type DrawnPanel = Pick<PanelManifest, 'name' | 'title' | 'unit' | 'target'> & {
  series: readonly DrawnSeries[];
};

export type Range = { from: number; to: number; step: number };

/** Asks all queries of all panels together. */
export function drawPanels(options: {
  ask: AskMetrics;
  panels: readonly PanelManifest[];
  range: Range;
}): Promise<readonly DrawnPanel[]> {
  const { ask, panels, range } = options;
  return Promise.all(
    panels.map(async ({ queries, ...panel }) => {
      const found = await Promise.all(
        queries.map(async ({ expr, legend }) => {
          const series = await ask(expr, range);
          return series.map(({ labels, points }) => ({ name: nameOf({ legend, labels }), points }));
        }),
      );
      return { ...panel, series: found.flat() };
    }),
  );
}

/** `{{job}}` in a legend is the value of the label. */
export function nameOf(options: Pick<PanelQuery, 'legend'> & { labels: Series['labels'] }): string {
  const { legend, labels } = options;
  return legend.replaceAll(
    /\{\{\s*([a-zA-Z_][a-zA-Z0-9_]*)\s*\}\}/g,
    (_, label: string) => labels[label] ?? '',
  );
}

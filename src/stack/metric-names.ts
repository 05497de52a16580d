import { seriesOf } from '../manifest/metric-series.ts';
import type { MetricsManifest } from '../manifest/model-metrics.ts';

/** Names of the series that expressions may use, each with the roles that export it. */
export type SeriesNames = ReadonlyMap<string, ReadonlySet<string>>;

/** @param options.exporters roles with what they declare */
export function seriesNames(options: {
  exporters: Iterable<{ role: string; metrics: MetricsManifest }>;
}): SeriesNames {
  const names = new Map<string, Set<string>>();
  for (const { role, metrics } of options.exporters) {
    for (const [metric, { type }] of Object.entries(metrics.names)) {
      for (const series of seriesOf({ metric, type })) {
        const roles = names.get(series);
        if (roles === undefined) names.set(series, new Set([role]));
        else roles.add(role);
      }
    }
  }
  return names;
}

/**
 * The declared names in an expression. It needs no parser: `arc validate` has parsed the expression and found each
 * metric declared, so a word outside quotes that is a declared name is that metric.
 */
export function usedNames(options: { expr: string; declared: SeriesNames }): ReadonlySet<string> {
  const unquoted = options.expr.replaceAll(/"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|`[^`]*`/g, ' ');
  const words = unquoted.match(/[a-zA-Z_:][a-zA-Z0-9_:]*/g) ?? [];
  return new Set(words.filter((word) => options.declared.has(word)));
}

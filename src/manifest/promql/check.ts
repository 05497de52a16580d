import type { Problem, SourceLocation } from '../../core/errors.ts';
import { nearest } from '../../core/nearest.ts';
import { formsOf } from '../flavours.ts';
import { seriesOf } from '../metric-series.ts';
import type { Manifests } from '../model.ts';
import type { MetricType } from '../model-metrics.ts';
import { readExpression } from './read.ts';

/**
 * What Prometheus itself has for every target and alert (docs/concepts/jobs_instances.md and
 * docs/configuration/alerting_rules.md of Prometheus).
 */
const ofPrometheus = [
  'up',
  'scrape_duration_seconds',
  'scrape_samples_scraped',
  'scrape_samples_post_metric_relabeling',
  'scrape_series_added',
  'ALERTS',
  'ALERTS_FOR_STATE',
];

/**
 * Alerts and panels that are no PromQL, or over a metric that no service declares: such an alert never fires, and such a
 * panel stays empty, without anybody being told.
 */
export function checkExpressions(manifests: Manifests): readonly Problem[] {
  const declared = declaredTypes(manifests);
  const series = new Set([
    ...ofPrometheus,
    ...[...declared].flatMap(([metric, type]) => seriesOf({ metric, type })),
  ]);
  return expressionsOf(manifests).flatMap(({ whose, expr, location }): Problem[] => {
    const read = readExpression(expr);
    if (!read.ok)
      return [
        {
          code: 'bad-expression',
          message: `${whose} is not PromQL: ${read.at >= expr.trimEnd().length ? 'it ends too early' : `it cannot be read from \`${expr.slice(read.at, read.at + 30)}\` on`}.`,
          location,
        },
      ];
    return [
      ...read.nameless.map((selector) => ({
        code: 'nameless-metric',
        message: `${whose} has a selector that names no metric: \`${selector}\`.`,
        suggestion: 'write the name of a metric before the braces',
        location,
      })),
      ...[...new Set(read.metrics)]
        .filter((name) => !series.has(name))
        .map((name) => ({
          code: 'undeclared-metric',
          message: `${whose} uses the metric ${name}, which no service declares.`,
          ...advice({ name, type: declared.get(name), series }),
          location,
        })),
    ];
  });
}

function advice(options: {
  name: string;
  type: MetricType | undefined;
  series: ReadonlySet<string>;
}): Pick<Problem, 'suggestion'> {
  const { name, type, series } = options;
  if (type === 'histogram')
    return { suggestion: `it is a histogram: use ${name}_bucket, ${name}_sum or ${name}_count` };
  const meant = nearest(name, series);
  return {
    suggestion:
      meant === undefined
        ? 'declare it below `metrics.names` of the service that exports it'
        : `did you mean \`${meant}\`?`,
  };
}

function declaredTypes({ services }: Manifests): ReadonlyMap<string, MetricType> {
  const forms = services.flatMap((service) => [service, ...service.sidecars]).flatMap(formsOf);
  return new Map(
    forms.flatMap(({ metrics }) =>
      Object.entries(metrics?.names ?? {}).map(([name, { type }]) => [name, type] as const),
    ),
  );
}

function expressionsOf({
  services,
}: Manifests): readonly { whose: string; expr: string; location: SourceLocation }[] {
  return services.flatMap(({ alerts, panels }) => [
    ...alerts.map(({ name, expr, location }) => ({ whose: `The alert ${name}`, expr, location })),
    ...panels.flatMap(({ name, queries }) =>
      queries.map(({ expr, location }) => ({ whose: `The panel ${name}`, expr, location })),
    ),
  ]);
}

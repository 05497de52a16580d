import type { MetricType } from './model-metrics.ts';

/** What the series of a type are called after their metric. A native histogram would have its name alone; none is scraped. */
const suffixes: Readonly<Record<MetricType, readonly string[]>> = {
  gauge: [''],
  counter: [''],
  histogram: ['_bucket', '_sum', '_count'],
  summary: ['', '_sum', '_count'],
};

/** Names of the series that a metric consists of. */
export function seriesOf(options: { metric: string; type: MetricType }): readonly string[] {
  return suffixes[options.type].map((suffix) => options.metric + suffix);
}

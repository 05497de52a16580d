import type { Counts } from './outbox.ts';

/** What became of spans, in Prometheus' text format: added to whatever else a program shows. */
export function spanMetrics({ sent, lost, waiting }: Counts): string {
  return [
    '# HELP arc_spans_sent_total Spans that the receiver has taken.',
    '# TYPE arc_spans_sent_total counter',
    `arc_spans_sent_total ${sent}`,
    '# HELP arc_spans_lost_total Spans that nobody has, by the reason.',
    '# TYPE arc_spans_lost_total counter',
    ...Object.entries(lost).map(([reason, count]) => `arc_spans_lost_total{reason="${reason}"} ${count}`),
    '# HELP arc_spans_waiting Spans that wait to be sent.',
    '# TYPE arc_spans_waiting gauge',
    `arc_spans_waiting ${waiting}`,
    '',
  ].join('\n');
}

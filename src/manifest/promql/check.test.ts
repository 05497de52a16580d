import { expect, test } from 'vitest';
import { location, manifests, service } from '../../../tests/fixtures/manifests.ts';
import type { MetricType } from '../model-metrics.ts';
import { checkExpressions } from './check.ts';

const metric = (type: MetricType) => ({ type, help: 'x', later: false });
const names = {
  jobs_total: metric('counter'),
  wait_seconds: metric('histogram'),
  rooms: metric('gauge'),
};
const exporter = service({
  role: 'app',
  metrics: { port: 'http', path: '/metrics', names, location: location() },
});

function problems(...exprs: readonly string[]) {
  const alerts = exprs.map((expr) => ({
    name: 'a',
    expr,
    for_seconds: 0,
    severity: 'warning' as const,
    summary: 'x',
    location: { file: 'services/x/service.yaml', line: 7, column: 11 },
  }));
  return checkExpressions(manifests({ services: [exporter, service({ role: 'metrics', alerts })] })).map(
    ({ code, message, suggestion, location: at }) =>
      `${code} ${at?.line}:${at?.column} ${message} ${suggestion ?? ''}`.trim(),
  );
}

test('declared metrics, the series of histograms, and what Prometheus has for every target', () => {
  expect(
    problems(
      'sum by (job) (rate(jobs_total{code=~"5.."}[5m])) / on (job) rooms > 0.1',
      'histogram_quantile(0.95, sum by (le) (rate(wait_seconds_bucket[5m])))',
      'up == 0 and on () {__name__="rooms"}',
      'absent(rooms offset 1h) or vector(1)',
    ),
  ).toEqual([]);
});

test.each([
  [
    'rate(job_total[5m])',
    'undeclared-metric 7:11 The alert a uses the metric job_total, which no service declares. did you mean `jobs_total`?',
  ],
  [
    'wait_seconds > 1',
    'undeclared-metric 7:11 The alert a uses the metric wait_seconds, which no service declares. it is a histogram: use wait_seconds_bucket, wait_seconds_sum or wait_seconds_count',
  ],
  [
    'something_else',
    'undeclared-metric 7:11 The alert a uses the metric something_else, which no service declares. declare it below `metrics.names` of the service that exports it',
  ],
  [
    '{job="app"} > 1',
    'nameless-metric 7:11 The alert a has a selector that names no metric: `{job="app"}`. write the name of a metric before the braces',
  ],
  [
    '{__name__=~"jobs.*"}',
    'nameless-metric 7:11 The alert a has a selector that names no metric: `{__name__=~"jobs.*"}`. write the name of a metric before the braces',
  ],
  ['rate(jobs_total[5m]) >', 'bad-expression 7:11 The alert a is not PromQL: it ends too early.'],
  ['rooms rooms', 'bad-expression 7:11 The alert a is not PromQL: it cannot be read from `rooms` on.'],
])('%s', (expr, expected) => {
  expect(problems(expr)).toEqual([expected]);
});

test('a panel is checked as an alert is', () => {
  const panels = [
    {
      name: 'p',
      title: 'P',
      unit: 'count' as const,
      queries: [{ expr: 'livekit_room_participants', legend: 'x', location: location() }],
    },
  ];
  const found = checkExpressions(manifests({ services: [exporter, service({ role: 'metrics', panels })] }));
  expect(found.map(({ message }) => message)).toEqual([
    'The panel p uses the metric livekit_room_participants, which no service declares.',
  ]);
});

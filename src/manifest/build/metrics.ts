import schema from '../../../schemas/service.schema.json' with { type: 'json' };
import { defined } from '../../core/defined.ts';
import type { AlertManifest, MetricManifest, MetricsManifest, PanelManifest } from '../model-metrics.ts';
import { entries, member, type YamlNode } from '../yaml/tree.ts';
import { choice, define, duration, flag, optionalNumber, type Part, partsOf, placeOf, text } from './read.ts';

const { metrics, metric, alert, panel } = schema.$defs;
const defaults = {
  metrics: metrics.properties,
  metric: metric.properties,
  alert: alert.properties,
  panel: panel.properties,
};

/** Where a container's metrics are read; undefined where it has none. */
export function buildMetrics(part: Part): MetricsManifest | undefined {
  const node = member(part.node, 'metrics');
  if (node === undefined) return undefined;
  const names: Record<string, MetricManifest> = {};
  for (const { key, value } of entries(member(node, 'names'))) define(names, key, buildMetric(value));
  return {
    port: text(node, 'port'),
    path: text(node, 'path', defaults.metrics.path.default),
    ...defined({ token: buildToken(member(node, 'token')) }),
    names,
    location: placeOf(part, 'metrics'),
  };
}

function buildMetric(node: YamlNode | undefined): MetricManifest {
  return {
    type: choice({ node, key: 'type', choices: ['gauge', 'counter', 'histogram', 'summary'] }),
    help: text(node, 'help'),
    later: flag(node, 'later', defaults.metric.later.default),
  };
}

function buildToken(node: YamlNode | undefined): MetricsManifest['token'] {
  if (node === undefined) return undefined;
  return { issuer: text(node, 'issuer'), subject: text(node, 'subject'), secret: text(node, 'secret') };
}

/** One entry of a service's `alerts`. */
export function buildAlert(part: Part): AlertManifest {
  const { node } = part;
  return {
    name: text(node, 'name'),
    expr: text(node, 'expr'),
    for_seconds: duration(node, 'for', defaults.alert.for.default),
    severity: choice({
      node,
      key: 'severity',
      choices: ['warning', 'critical'],
      fallback: defaults.alert.severity.default,
    }),
    summary: text(node, 'summary'),
    location: placeOf(part, 'expr'),
  };
}

/** One entry of a service's `panels`. */
export function buildPanel(part: Part): PanelManifest {
  const { node } = part;
  const target = member(node, 'target');
  return {
    name: text(node, 'name'),
    title: text(node, 'title'),
    unit: choice({
      node,
      key: 'unit',
      choices: ['count', 'seconds', 'milliseconds', 'percent', 'bytes', 'per-second', 'state'],
      fallback: defaults.panel.unit.default,
    }),
    queries: partsOf(part, 'queries').map((query) => ({
      expr: text(query.node, 'expr'),
      legend: text(query.node, 'legend'),
      location: placeOf(query, 'expr'),
    })),
    ...(target === undefined
      ? {}
      : {
          target: defined({ below: optionalNumber(target, 'below'), above: optionalNumber(target, 'above') }),
        }),
  };
}

import type { SourceLocation } from '../core/errors.ts';

/** Where the metrics of a container are read, and all that arc knows of them. */
export type MetricsManifest = {
  /** Name of a TCP port of the container. */
  port: string;
  path: string;
  /** A token that the reader shows; its fields but the issuer are names of secrets. */
  token?: { issuer: string; subject: string; secret: string };
  /** By name, without the suffixes of a histogram's series. */
  names: Readonly<Record<string, MetricManifest>>;
  location: SourceLocation;
};

export type MetricType = 'gauge' | 'counter' | 'histogram' | 'summary';

export type MetricManifest = {
  type: MetricType;
  help: string;
  /** The program exports it only after something has happened. */
  later: boolean;
};

export type AlertManifest = {
  name: string;
  /** PromQL; each series of its result is an alert. */
  expr: string;
  for_seconds: number;
  severity: 'warning' | 'critical';
  summary: string;
  /** Of the expression. */
  location: SourceLocation;
};

export type PanelUnit = 'seconds' | 'milliseconds' | 'percent' | 'bytes' | 'per-second' | 'count' | 'state';

export type PanelManifest = {
  name: string;
  title: string;
  unit: PanelUnit;
  queries: readonly PanelQuery[];
  /** The side of a value that its lines should stay on. */
  target?: { below?: number; above?: number };
};

/** One PromQL expression of a panel; `legend` names its series, with `{{label}}` for a label's value. */
export type PanelQuery = { expr: string; legend: string; location: SourceLocation };

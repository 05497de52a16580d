import { boundedText } from '../../core/bounded-text.ts';
import { parseDuration } from '../../core/duration.ts';
import { origin } from '../../core/socket-address.ts';
import { type Labels, type MetricsServer, type Point, QueryRefusal, type Series } from '../metrics-source.ts';

/** The largest answer that is read, in bytes. A query over all series of a stack has some hundred kilobytes. */
const largestAnswer = 32 * 1024 * 1024;

/**
 * Evaluates an expression now.
 *
 * @throws QueryRefusal in the words of Prometheus
 */
export async function query(server: MetricsServer, expr: string): Promise<readonly Series[]> {
  return seriesOf(await get(server, '/api/v1/query', { query: expr }));
}

/**
 * Evaluates an expression at each step of a range. A step without a value has no point: a gap stays one.
 *
 * @param options.from, options.to seconds since 1970, both included
 * @param options.step seconds
 * @throws QueryRefusal
 */
export async function queryRange(
  server: MetricsServer,
  options: { expr: string; from: number; to: number; step: number },
): Promise<readonly Series[]> {
  const { expr, from, to, step } = options;
  const range = { query: expr, start: String(from), end: String(to), step: String(step) };
  return seriesOf(await get(server, '/api/v1/query_range', range));
}

export type FiringAlert = { name: string; severity: string; summary: string; labels: Labels; since: Date };

/** The alerts that fire; those that wait for their `for` are not among them. */
export async function firingAlerts(server: MetricsServer): Promise<readonly FiringAlert[]> {
  const { alerts } = (await get(server, '/api/v1/alerts')) as {
    alerts: readonly { labels: Labels; annotations: Labels; state: string; activeAt: string }[];
  };
  return alerts
    .filter(({ state }) => state === 'firing')
    .map(({ labels, annotations, activeAt }) => ({
      name: labels.alertname ?? '',
      severity: labels.severity ?? '',
      summary: annotations.summary ?? '',
      labels,
      since: new Date(activeAt),
    }));
}

export type Target = {
  job: string;
  health: 'up' | 'down' | 'unknown';
  lastError: string;
  /** Absent before the first. */
  lastScrape?: Date;
  /** Milliseconds between two readings. */
  interval: number;
};

/** What Prometheus reads metrics from. */
export async function targets(server: MetricsServer): Promise<readonly Target[]> {
  const { activeTargets } = (await get(server, '/api/v1/targets', { state: 'active' })) as {
    activeTargets: readonly {
      labels: Labels;
      health: Target['health'];
      lastError: string;
      lastScrape: string;
      scrapeInterval: string;
    }[];
  };
  return activeTargets.map(({ labels, health, lastError, lastScrape, scrapeInterval }) => ({
    job: labels.job ?? '',
    health,
    lastError,
    interval: intervalOf(scrapeInterval),
    // Go's zero time before the first.
    ...(lastScrape.startsWith('0001-') ? {} : { lastScrape: new Date(lastScrape) }),
  }));
}

function intervalOf(text: string): number {
  const milliseconds = parseDuration(text);
  if (milliseconds === undefined)
    throw new QueryRefusal(`the interval ${text} of a target, which is no answer of Prometheus`);
  return milliseconds;
}

/** When Prometheus loaded its configuration last. */
export async function loadedAt(server: MetricsServer): Promise<Date> {
  const { lastConfigTime } = (await get(server, '/api/v1/status/runtimeinfo')) as { lastConfigTime: string };
  return new Date(lastConfigTime);
}

export type ExportedMetric = { job: string; metric: string; type: string };

/** What the targets exported when they were read last. */
export async function exportedMetrics(server: MetricsServer): Promise<readonly ExportedMetric[]> {
  const found = (await get(server, '/api/v1/targets/metadata')) as readonly {
    target: Labels;
    metric: string;
    type: string;
  }[];
  return found.map(({ target, metric, type }) => ({ job: target.job ?? '', metric, type }));
}

type Result =
  | { resultType: 'vector'; result: readonly { metric: Labels; value: RawPoint }[] }
  | { resultType: 'matrix'; result: readonly { metric: Labels; values: readonly RawPoint[] }[] }
  | { resultType: 'scalar'; result: RawPoint }
  | { resultType: 'string'; result: RawPoint };
type RawPoint = readonly [number, string];

function seriesOf(data: unknown): readonly Series[] {
  const answer = data as Result;
  switch (answer.resultType) {
    case 'vector':
      return answer.result.map(({ metric, value }) => ({ labels: metric, points: [pointOf(value)] }));
    case 'matrix':
      return answer.result.map(({ metric, values }) => ({ labels: metric, points: values.map(pointOf) }));
    case 'scalar':
      return [{ labels: {}, points: [pointOf(answer.result)] }];
    case 'string':
      throw new QueryRefusal('the result is a text, not a number');
    default:
      return answer satisfies never;
  }
}

function pointOf([at, value]: RawPoint): Point {
  const infinities: Readonly<Record<string, number>> = { '+Inf': Infinity, '-Inf': -Infinity };
  return { at, value: infinities[value] ?? Number(value) };
}

async function get(
  { address, signal }: MetricsServer,
  path: string,
  parameters: Readonly<Record<string, string>> = {},
): Promise<unknown> {
  const url = `${origin(address)}${path}`;
  // A long expression fits into no URL, and every question of the query API may be a form.
  const asForm = path.startsWith('/api/v1/query');
  const form = new URLSearchParams(parameters);
  const response = await fetch(asForm ? url : `${url}?${form}`, {
    signal,
    ...(asForm ? { method: 'POST', body: form } : {}),
  });
  const answer = parse(await boundedText({ response, longest: largestAnswer }));
  if (answer?.status === 'success') return answer.data;
  throw new QueryRefusal(
    answer?.error ?? `${response.status} ${response.statusText}, which is no answer of Prometheus`,
  );
}

function parse(text: string): { status: string; data?: unknown; error?: string } | undefined {
  try {
    const answer: unknown = JSON.parse(text);
    return typeof answer === 'object' && answer !== null && 'status' in answer
      ? (answer as { status: string })
      : undefined;
  } catch {
    return undefined;
  }
}

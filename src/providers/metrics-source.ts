import type { SocketAddress } from '../core/socket-address.ts';

/** What a server of metrics says of a question that it cannot answer, in its own words. */
export class QueryRefusal extends Error {
  override readonly name = 'QueryRefusal';
}

export type Labels = Readonly<Record<string, string>>;
/** Seconds since 1970, and the value; `NaN` and infinities are numbers of JavaScript. */
export type Point = { at: number; value: number };
export type Series = { labels: Labels; points: readonly Point[] };

/** A way to ask a server of metrics: where it is, and how long. */
export type MetricsServer = { address: SocketAddress; signal: AbortSignal };

/** Seconds since 1970, both included, and between two values. */
export type QueryRange = { expr: string; from: number; to: number; step: number };

/** What answers PromQL; both throw {@link QueryRefusal}. */
export type MetricsSource = {
  query: (server: MetricsServer, expr: string) => Promise<readonly Series[]>;
  queryRange: (server: MetricsServer, range: QueryRange) => Promise<readonly Series[]>;
};

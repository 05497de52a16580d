import { readSpans } from '../../core/spans/otlp-read.ts';
import type { Span } from '../../core/spans/span.ts';
import type { TraceQuestion, TraceTools } from '../traces.ts';
import { getJson } from './get.ts';

// Jaeger's query API v3, over HTTP (jaeger:cmd/query/app/apiv3/http_gateway.go). Its answers are OTLP in JSON.

/** What `arc trace` asks a Jaeger. */
export const jaegerTraces: TraceTools = {
  services: servicesOf,
  spansOf: async ({ traceId, ...jaeger }) => await askSpans(jaeger, `/api/v3/traces/${traceId}`),
  newest: async ({ service, between, count, ...jaeger }) => {
    const [from, to] = between.map((moment) => new Date(moment).toISOString());
    const query = new URLSearchParams({
      'query.service_name': service,
      'query.start_time_min': String(from),
      'query.start_time_max': String(to),
      'query.num_traces': String(count),
    });
    return await askSpans(jaeger, `/api/v3/traces?${query}`);
  },
};

/** The services that there are spans of, in order of name. */
export async function servicesOf(jaeger: TraceQuestion): Promise<readonly string[]> {
  const got = await getJson({ ...jaeger, path: '/api/v3/services' });
  const services = got.found ? (got.data as { services?: unknown }).services : [];
  if (services === undefined || services === null) return [];
  if (!Array.isArray(services)) throw new Error('the list of services is not a list');
  return services.map(String).toSorted();
}

async function askSpans(jaeger: TraceQuestion, path: string): Promise<readonly Span[]> {
  const got = await getJson({ ...jaeger, path });
  return got.found ? readSpans((got.data as { result?: unknown }).result) : [];
}

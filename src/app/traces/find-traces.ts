import { failed, invalid } from '../../core/errors.ts';
import { type Span, traceIdPattern } from '../../core/spans/span.ts';
import { arcService } from '../boot-trace/boot-spans.ts';
import type { Context } from '../context.ts';
import { openTraces, type TraceStore } from './open-traces.ts';

/** The spans of one trace, in order of their begin. */
export type FoundTrace = { traceId: string; spans: readonly [Span, ...Span[]] };

/** The service of the spans that `arc health` sends itself; nobody looks for those. */
const healthService = 'arc-health';

/** What a person may type for arc's own service. */
const bootWord = 'boot';

/**
 * One trace by its id.
 *
 * @throws ArcError `bad-trace-id` (status 2), `trace-not-found`, `no-traces`, `traces-away`
 */
export async function findTrace(options: { context: Context; id: string }): Promise<FoundTrace> {
  const traceId = options.id.toLowerCase();
  if (!traceIdPattern.test(traceId))
    throw invalid({
      code: 'bad-trace-id',
      message: `"${options.id}" is not the id of a trace, which is 32 hexadecimal digits.`,
      suggestion: '`arc trace --list` shows ids',
    });
  const context = options.context;
  const [found] = tracesIn(await openTraces({ context, use: (store) => store.spansOf(traceId) }));
  if (found !== undefined) return found;
  throw failed({
    code: 'trace-not-found',
    message: `There is no trace ${traceId}.`,
    detail: ['the setting traces_keep says how long traces are kept'],
    suggestion: '`arc trace --list` shows the traces that are kept',
  });
}

/**
 * The newest traces, the newest first.
 *
 * @param options.service one that has a part in them; `boot` stands for arc's own. Absent: every service
 * @param options.since how far back, in milliseconds
 * @param options.now milliseconds since 1970
 * @throws ArcError `no-traces`, `traces-away`
 */
export async function listTraces(options: {
  context: Context;
  service?: string | undefined;
  since: number;
  count: number;
  now: number;
}): Promise<readonly FoundTrace[]> {
  const { context, service, since, count, now } = options;
  const between = [now - since, now + clockMargin] as const;
  const spans = await openTraces({
    context,
    use: async (store) => {
      const services = await meant({ store, service });
      return await Promise.all(services.map((one) => store.newest({ service: one, between, count })));
    },
  });
  return tracesIn(spans.flat()).slice(0, count);
}

/** The clock of another machine may be ahead. */
const clockMargin = 60_000;

/**
 * The newest trace of a service.
 *
 * @throws ArcError `trace-not-found`, `no-traces`, `traces-away`
 */
export async function lastTrace(
  options: Omit<Parameters<typeof listTraces>[0], 'count'> & { service: string },
): Promise<FoundTrace> {
  const [found] = await listTraces({ ...options, count: 1 });
  if (found !== undefined) return found;
  const what = options.service === bootWord ? 'a boot' : options.service;
  throw failed({
    code: 'trace-not-found',
    message: `There is no trace of ${what} within that time.`,
    suggestion: '`arc trace --list --since 72h` shows older ones',
  });
}

async function meant(options: {
  store: TraceStore;
  service: string | undefined;
}): Promise<readonly string[]> {
  const { store, service } = options;
  if (service !== undefined) return [service === bootWord ? arcService : service];
  return (await store.services()).filter((one) => one !== healthService);
}

/** Spans by their traces, the newest trace first; each span once, however many services were asked. */
export function tracesIn(spans: readonly Span[]): readonly FoundTrace[] {
  const traces = Map.groupBy(spans, ({ traceId }) => traceId);
  return Array.from(traces, ([traceId, own]): FoundTrace[] => {
    const once = new Map(own.map((span) => [span.spanId, span]));
    const [first, ...others] = [...once.values()].toSorted((a, b) => compare(a.start, b.start));
    return first === undefined ? [] : [{ traceId, spans: [first, ...others] }];
  })
    .flat()
    .toSorted((a, b) => compare(b.spans[0].start, a.spans[0].start));
}

function compare(a: bigint, b: bigint): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

import type { FoundTrace } from '../../app/traces/find-traces.ts';
import type { Span } from '../../core/spans/span.ts';

/** A span in its place: below the span that it is a part of, and in its part of the whole time. */
export type WaterfallRow = {
  span: Span;
  /** 0 for the first span, and for one whose parent is not there. */
  depth: number;
  /** For each depth from 1 on, whether a further span of that depth follows below; the last one is the row's own. */
  follows: readonly boolean[];
  /** Begin and end as parts of the whole, from 0 to 1. */
  from: number;
  to: number;
  nanoseconds: bigint;
  /** The span does not belong to the service of its parent. */
  showsService: boolean;
};

/** A trace as it is drawn, whatever it is drawn with. */
export type Waterfall = {
  traceId: string;
  name: string;
  service: string;
  /** Nanoseconds since 1970. */
  start: bigint;
  nanoseconds: bigint;
  rows: readonly WaterfallRow[];
  failed: number;
};

/** Lays a trace out. A span whose parent is not there, because it was lost or is still to come, begins at the edge. Pure. */
export function layOut({ traceId, spans }: FoundTrace): Waterfall {
  const [first] = spans;
  const start = first.start;
  const end = spans.reduce((latest, span) => (span.end > latest ? span.end : latest), start);
  const whole = end - start;
  const part = (moment: bigint): number => (whole === 0n ? 0 : Number(moment - start) / Number(whole));
  const ids = new Set(spans.map(({ spanId }) => spanId));
  const parentOf = ({ parentId, spanId }: Span): string =>
    parentId !== undefined && parentId !== spanId && ids.has(parentId) ? parentId : edge;
  const parts = Map.groupBy(spans, parentOf);
  const rows: WaterfallRow[] = [];
  const placed = new Set<string>();
  // A stack of its own: a trace may be as deep as it is long.
  const todo: { span: Span; follows: readonly boolean[]; service: string }[] = [];
  const push = (id: string, follows: readonly boolean[], service: string): void => {
    const own = parts.get(id) ?? [];
    const places = own.map((span, index) => ({
      ...{ span, service },
      follows: id === edge ? [] : [...follows, index < own.length - 1],
    }));
    todo.push(...places.toReversed());
  };
  const walk = (): void => {
    for (let next = todo.pop(); next !== undefined; next = todo.pop()) {
      const { span, follows, service } = next;
      if (placed.has(span.spanId)) continue;
      placed.add(span.spanId);
      rows.push({
        ...{ span, depth: follows.length, follows },
        ...{ from: part(span.start), to: part(span.end), nanoseconds: span.end - span.start },
        showsService: span.service !== service,
      });
      push(span.spanId, follows, span.service);
    }
  };
  push(edge, [], '');
  walk();
  // Spans that are each other's parents are no tree, and shown all the same.
  for (const span of spans) {
    if (placed.has(span.spanId)) continue;
    todo.push({ span, follows: [], service: '' });
    walk();
  }
  const failed = spans.filter(({ error }) => error !== undefined).length;
  return { traceId, name: first.name, service: first.service, start, nanoseconds: whole, rows, failed };
}

/** No span has this id. */
const edge = '';

import { askStore } from '../ask-store.ts';
import {
  checkRole,
  type LogQuery,
  type LogStore,
  quotedNames,
  quotedPattern,
  type StoredLine,
  storedLine,
} from '../log-store.ts';

/** Loki, asked in LogQL. */
export const lokiStore: LogStore = {
  search: async ({ address, query, signal }) => {
    const { since, until = Date.now(), limit } = query;
    const answer = await askStore({
      address,
      path: '/loki/api/v1/query_range',
      fields: {
        query: logql(query),
        start: `${since}000000`,
        end: `${until}000000`,
        direction: 'backward',
        limit: String(limit),
      },
      signal,
    });
    return readStreams(JSON.parse(answer)).sort((a, b) => (a.time < b.time ? -1 : a.time > b.time ? 1 : 0));
  },
};

/** `{role=~"cache"} |~ "(?i)refused" | level=~"error|fatal"` */
export function logql({ text, levels, roles }: Pick<LogQuery, 'text' | 'levels' | 'roles'>): string {
  return [
    roles === undefined
      ? `{role=~".+", role!=${JSON.stringify(checkRole)}}`
      : `{role=~${quotedNames(roles)}}`,
    ...(text === undefined ? [] : [`|~ ${quotedPattern(text)}`]),
    ...(levels === undefined ? [] : [`| level=~${quotedNames(levels)}`]),
  ].join(' ');
}

/** `{"data":{"result":[{"stream":{…},"values":[["<nanoseconds>","<line>"],…]},…]}}` */
function readStreams(answer: unknown): StoredLine[] {
  const { data } = answer as { data?: { result?: unknown } };
  if (!Array.isArray(data?.result)) throw new Error('an answer without a list of streams');
  const streams = data.result as readonly {
    stream: Readonly<Record<string, unknown>>;
    values: readonly (readonly [nanoseconds: string, line: string])[];
  }[];
  return streams.flatMap(({ stream: fields, values }) =>
    values.map(([nanoseconds, line]) => storedLine({ time: isoTime(nanoseconds), line, fields })),
  );
}

/** Nanoseconds since 1970 as ISO 8601. */
function isoTime(nanoseconds: string): string {
  const milliseconds = new Date(Number(nanoseconds.slice(0, -6))).toISOString();
  return `${milliseconds.slice(0, -1)}${nanoseconds.slice(-6)}Z`;
}

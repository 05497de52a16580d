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

/** VictoriaLogs, asked in LogsQL. */
export const victorialogsStore: LogStore = {
  search: async ({ address, query, signal }) => {
    const { since, until, limit } = query;
    const answer = await askStore({
      address,
      path: '/select/logsql/query',
      fields: {
        query: logsql(query),
        start: new Date(since).toISOString(),
        ...(until === undefined ? {} : { end: new Date(until).toISOString() }),
        // The newest, in no order.
        limit: String(limit),
      },
      signal,
    });
    return answer
      .split('\n')
      .filter((line) => line !== '')
      .map(readLine)
      .sort((a, b) => (a.time < b.time ? -1 : a.time > b.time ? 1 : 0));
  },
};

/** `{role=~"cache"} level:in(error,fatal) _msg:~"(?i)refused" | fields …` */
export function logsql({ text, levels, roles }: Pick<LogQuery, 'text' | 'levels' | 'roles'>): string {
  const filters = [
    roles === undefined ? `{role!=${JSON.stringify(checkRole)}}` : `{role=~${quotedNames(roles)}}`,
    ...(levels === undefined ? [] : [`level:in(${levels.join(',')})`]),
    ...(text === undefined ? [] : [`_msg:~${quotedPattern(text)}`]),
  ];
  return `${filters.join(' ')} | fields _time, _msg, role, container, stream, level`;
}

/** One object a line. */
function readLine(text: string): StoredLine {
  const { _time: time, _msg: line, ...fields } = JSON.parse(text) as Readonly<Record<string, unknown>>;
  // An empty line has no message.
  if (typeof time !== 'string') throw new Error(`a line without a time: ${text.slice(0, 200)}`);
  return storedLine({ time, line: typeof line === 'string' ? line : '', fields });
}

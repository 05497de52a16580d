import { defined } from '../core/defined.ts';
import type { SocketAddress } from '../core/socket-address.ts';

/** How grave a line is, from the least to the most; the Collector finds it out from the line. */
export const logLevels = ['debug', 'info', 'warn', 'error', 'fatal'] as const;

export type LogLevel = (typeof logLevels)[number];

/** The role of lines that `arc health` sends to see whether they arrive. A search finds them only by it. */
export const checkRole = 'health';

/** Which lines are searched for. */
export type LogQuery = {
  /** Not before this moment, in milliseconds since 1970. */
  since: number;
  /** Not after this moment. */
  until?: number;
  /** Only lines that contain it, in upper or lower case. */
  text?: string;
  /** Only lines of one of these levels. */
  levels?: readonly LogLevel[];
  /** Only lines of containers of one of these roles. */
  roles?: readonly string[];
  /** The newest so many. */
  limit: number;
};

/** `time` is that of the Engine, in ISO 8601 with nine digits after the second, so that texts compare as times do. */
export type StoredLine = {
  time: string;
  container: string;
  role: string;
  line: string;
  stream?: 'stdout' | 'stderr';
  level?: string;
};

/** What a technology that keeps logs does for arc. */
export type LogStore = {
  /**
   * Finds the newest lines of a query.
   *
   * @returns lines in order of time
   * @throws Error with the server's own words
   */
  search: (options: {
    address: SocketAddress;
    query: LogQuery;
    signal: AbortSignal;
  }) => Promise<readonly StoredLine[]>;
};

/** That level and every more severe one. */
export function levelsFrom(level: LogLevel): readonly LogLevel[] {
  return logLevels.slice(logLevels.indexOf(level));
}

/** A text as a regular expression of RE2 that finds it in upper or lower case, between double quotes. */
export function quotedPattern(text: string): string {
  return JSON.stringify(`(?i)${text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')}`);
}

/** The names that are one of these, as a regular expression of RE2 between double quotes. */
export function quotedNames(names: readonly string[]): string {
  return JSON.stringify(names.map((name) => name.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')).join('|'));
}

/** `2026-11-30T12:57:39.7Z` with nine digits after the second. */
export function nineDigits(time: string): string {
  const [seconds = '', fraction = ''] = time.replace(/Z$/, '').split('.');
  return `${seconds}.${fraction.padEnd(9, '0')}Z`;
}

/** A line of what a store has, whose fields the Collector gave their names. */
export function storedLine(options: {
  time: string;
  line: string;
  fields: Readonly<Record<string, unknown>>;
}): StoredLine {
  const { time, line, fields } = options;
  const { container, role, stream, level } = fields;
  return {
    time: nineDigits(time),
    container: text(container) ?? text(role) ?? '',
    role: text(role) ?? '',
    line,
    ...(stream === 'stdout' || stream === 'stderr' ? { stream } : {}),
    ...defined({ level: text(level) }),
  };
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

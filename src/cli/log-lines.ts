import type { LogLine } from '../app/logs/read-lines.ts';
import { parseDuration } from '../core/duration.ts';
import { invalid } from '../core/errors.ts';
import type { Cli } from './cli.ts';

/** Shows a line of a container's log. `timestamps`: with its time in front, where people read it. */
export function showLine(options: { cli: Cli; line: LogLine; timestamps: boolean }): void {
  const { cli, timestamps } = options;
  const { name, stream, time, line } = options.line;
  cli.emit({
    type: 'log',
    container: name,
    stream,
    time,
    line: timestamps && cli.mode !== 'json' ? `${time} ${line}` : line,
  });
}

/** A time or an age, in seconds since 1970. */
export function parseSince(text: string): number {
  const moment = Date.parse(text);
  if (/^\d{4}-/.test(text) && !Number.isNaN(moment)) return moment / 1000;
  const ago = parseDuration(text);
  if (ago !== undefined) return (Date.now() - ago) / 1000;
  throw invalid({
    code: 'bad-flag',
    message: `--since takes a time or a duration, and got "${text}".`,
    suggestion: 'for example --since 10m or --since 2026-01-31T12:00:00Z',
  });
}

/** A number of lines. */
export function parseTail(text: string): number {
  if (/^\d+$/.test(text)) return Number(text);
  throw invalid({
    code: 'bad-flag',
    message: `--tail takes a number of lines, and got "${text}".`,
    suggestion: 'for example --tail 100',
  });
}

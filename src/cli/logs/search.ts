import { gapProblem } from '../../app/logs/gaps.ts';
import { type LogSearch, searchLogs } from '../../app/logs/search-logs.ts';
import { type ExitStatus, exitStatus } from '../../core/errors.ts';
import type { Cli } from '../cli.ts';

/** Lines without `--tail`: what a person may still read. */
export const defaultLimit = 1_000;

/** What Loki's configuration lets one search find. */
export const longestSearch = 49_999;

/** Prints the lines that a search finds, in order of time, with what was lost between them. */
export async function showFound(options: { cli: Cli; search: LogSearch }): Promise<ExitStatus> {
  const { cli, search } = options;
  const { lines, gaps, more } = await searchLogs({ context: cli, search });
  if (more)
    cli.emit({
      type: 'warning',
      problem: {
        code: 'more-lines',
        message: `There are older lines than the newest ${search.limit.toLocaleString('en')}.`,
        suggestion: 'name more with --tail, or a time with --since',
      },
    });
  const found = lines.map(({ time, container, stream = 'stdout', level, line }) => ({
    time,
    show: () =>
      cli.emit({
        type: 'log',
        container,
        stream,
        time,
        line: cli.mode === 'json' ? line : `${time.slice(0, 23)}Z ${line}`,
        ...(level === undefined ? {} : { level }),
      }),
  }));
  const lost = gaps.map((gap) => ({
    time: gap.from,
    show: () => cli.emit({ type: 'warning', problem: gapProblem(gap) }),
  }));
  for (const { show } of [...found, ...lost].toSorted((a, b) => (a.time < b.time ? -1 : 1))) show();
  return exitStatus.done;
}

import { createLogUpdate } from 'log-update';
import { type TopRow, watchTop } from '../../app/top/top.ts';
import { exitStatus } from '../../core/errors.ts';
import type { Handler } from '../cli.ts';
import { formatTop } from './top-table.ts';

type TopOptions = { selection: readonly string[]; once?: boolean /** Milliseconds. */; interval: number };

/** A live table on a terminal, redrawn in place; one table anywhere else. */
export const showTop: Handler<TopOptions> = async (options, cli) => {
  const { selection, interval } = options;
  const stdout = cli.mode === 'tty' ? cli.openStreams().stdout : undefined;
  const live = stdout?.isTTY === true && options.once !== true ? createLogUpdate(stdout) : undefined;
  const textOf = (rows: readonly TopRow[]): string =>
    formatTop({ rows, columns: stdout?.columns ?? cli.columns });
  await watchTop({
    context: cli,
    ...{ selection, interval, once: live === undefined },
    show: (rows) => {
      if (live === undefined)
        cli.result({ data: { containers: rows.map(rowData) }, text: () => textOf(rows) });
      else live(textOf(rows));
    },
  });
  live?.done();
  return exitStatus.done;
};

function rowData({ role, name, usage, memoryLimit, doing }: TopRow) {
  return {
    ...{ role, name },
    usage: usage ?? null,
    memoryLimit: memoryLimit ?? null,
    doing: Object.fromEntries(doing.map(({ what, count }) => [what, count])),
  };
}

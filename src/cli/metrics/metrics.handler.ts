import { lately } from '../../app/metrics/lately.ts';
import { withMetrics } from '../../app/metrics/source.ts';
import { exitStatus } from '../../core/errors.ts';
import type { Handler } from '../cli.ts';
import { lineColumns, metricsText } from './text.ts';

type MetricsOptions = {
  query: string;
  /** Milliseconds. */
  range?: number;
};

/** A query's answer as a table: a value for each series, or how it went. */
export const askMetrics: Handler<MetricsOptions> = async (options, cli) => {
  const { query: expr } = options;
  return withMetrics({
    context: cli,
    use: async ({ ask }) => {
      const range =
        options.range === undefined
          ? undefined
          : lately({ seconds: Math.ceil(options.range / 1000), columns: lineColumns, now: new Date() });
      const series = await ask(expr, range);
      cli.result({
        data: { query: expr, ...(range === undefined ? {} : { range }), series },
        text: () => metricsText({ series, range }),
      });
      return exitStatus.done;
    },
  });
};

import { failed } from '../../core/errors.ts';
import { addressOf } from '../../core/resource.ts';
import type { Series } from '../../providers/metrics-source.ts';
import type { Context } from '../context.ts';
import { serversOf } from '../providers.ts';
import { type RunningStack, withRunningStack } from '../sql/running-stack.ts';
import { answered } from './answered.ts';

/** Asks for an expression now, or at each step of a range. */
export type AskMetrics = (
  expr: string,
  range?: { from: number; to: number; step: number },
) => Promise<readonly Series[]>;

/**
 * Runs `use` with a way to ask the workspace's metrics, and what runs beside them.
 *
 * @throws ArcError `no-metrics` where no service of the workspace has any, `not-running` where it does not run; asking
 *   throws as {@link answered} does
 */
export async function withMetrics<Result>(options: {
  context: Context;
  use: (found: { ask: AskMetrics; running: RunningStack }) => Promise<Result>;
}): Promise<Result> {
  const { context, use } = options;
  return withRunningStack({
    context,
    use: async (running) => {
      const [found] = serversOf(running.stack).flatMap(({ provider: { metrics }, server }) =>
        metrics === undefined ? [] : [{ source: metrics, server }],
      );
      if (found === undefined)
        throw failed({
          code: 'no-metrics',
          message: 'No service of this workspace collects metrics.',
          suggestion: 'a check of kind `prometheus` in its manifest says which one does',
        });
      const { role, name, probes } = found.server;
      if (!running.running.has(addressOf('container', name)))
        throw failed({
          code: 'not-running',
          message: `${name} does not run, so arc cannot ask it for metrics.`,
          suggestion: `run \`arc up ${role}\``,
        });
      const { signal } = context;
      await using address = await running.reach(probes[0].at, signal);
      const ask: AskMetrics = (expr, range) =>
        answered({
          server: { role, name },
          cancelled: signal,
          question: (over) => {
            const server = { address, signal: over };
            return range === undefined
              ? found.source.query(server, expr)
              : found.source.queryRange(server, { expr, ...range });
          },
        });
      return await use({ ask, running });
    },
  });
}

import { type ArcError, failed } from '../../core/errors.ts';
import { explain } from '../../core/probes/ask.ts';
import type { Span } from '../../core/spans/span.ts';
import type { TraceTools } from '../../providers/traces.ts';
import type { Context } from '../context.ts';
import { serversOf } from '../providers.ts';
import { withRunning } from '../running-stack.ts';

/** The server that keeps traces, with the way to it. */
export type TraceStore = {
  services: () => Promise<readonly string[]>;
  spansOf: (traceId: string) => Promise<readonly Span[]>;
  newest: (options: {
    service: string;
    between: readonly [number, number];
    count: number;
  }) => Promise<readonly Span[]>;
};

/** A store that does not answer by then is away; on this machine one answers within milliseconds. */
const longestMilliseconds = 10_000;

/**
 * Finds the running server that keeps traces.
 *
 * @throws ArcError `nothing-runs`, `no-traces` if none of them keeps traces, `traces-away` if it does not answer, or not as it should
 */
export async function openTraces<Result>(options: {
  context: Context;
  use: (store: TraceStore) => Promise<Result>;
}): Promise<Result> {
  const { context, use } = options;
  return await withRunning({
    context,
    use: async ({ stack, running, reach }) => {
      const [found] = serversOf(stack).flatMap(({ provider: { traces }, server }) =>
        traces !== undefined && running.has(server.role) ? [{ traces, at: server.probes[0].at }] : [],
      );
      if (found === undefined) throw nothingKeeps();
      const signal = AbortSignal.any([context.signal, AbortSignal.timeout(longestMilliseconds)]);
      await using address = await reach(found.at, signal);
      return await use(storeOf({ tools: found.traces, question: { address, signal }, role: found.at.role }));
    },
  });
}

function storeOf(options: {
  tools: TraceTools;
  question: Parameters<TraceTools['services']>[0];
  role: string;
}): TraceStore {
  const { tools, question, role } = options;
  const asking = async <Answer>(answer: Promise<Answer>): Promise<Answer> => {
    try {
      return await answer;
    } catch (cause) {
      throw away({ role, cause });
    }
  };
  return {
    services: () => asking(tools.services(question)),
    spansOf: (traceId) => asking(tools.spansOf({ ...question, traceId })),
    newest: (more) => asking(tools.newest({ ...question, ...more })),
  };
}

function nothingKeeps(): ArcError {
  return failed({
    code: 'no-traces',
    message: 'Nothing that keeps traces runs.',
    suggestion: 'run `arc up traces`',
  });
}

function away({ role, cause }: { role: string; cause: unknown }): ArcError {
  const late = cause instanceof Error && ['AbortError', 'TimeoutError'].includes(cause.name);
  const why = late ? `no answer within ${longestMilliseconds / 1000} s` : explain(cause);
  return failed({
    code: 'traces-away',
    message: `${role} could not be asked for traces: ${why}.`,
    suggestion: `\`arc health ${role}\` says what is wrong`,
  });
}

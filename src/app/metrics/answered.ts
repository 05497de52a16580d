import { failed } from '../../core/errors.ts';
import { explain } from '../../core/probes/ask.ts';
import { QueryRefusal, type Series } from '../../providers/metrics-source.ts';

/** Longer than Prometheus itself gives a query (`--query.timeout`), because the way takes time, too. Milliseconds. */
const longestQuestion = 12_000;

/**
 * Asks a server of metrics one question, with a time limit.
 *
 * @param options.server its role and the name of its container, for messages
 * @param options.cancelled aborted when nobody waits any more
 * @param options.milliseconds the limit; a test passes its own
 * @throws ArcError `query-refused`, in the words of the server, or `metrics-unanswered`
 */
export async function answered(options: {
  server: { role: string; name: string };
  cancelled: AbortSignal;
  milliseconds?: number;
  question: (signal: AbortSignal) => Promise<readonly Series[]>;
}): Promise<readonly Series[]> {
  const { server, cancelled, milliseconds = longestQuestion, question } = options;
  const { role, name } = server;
  const limit = AbortSignal.timeout(milliseconds);
  try {
    return await question(AbortSignal.any([cancelled, limit]));
  } catch (cause) {
    if (cancelled.aborted) throw cause;
    if (cause instanceof QueryRefusal)
      throw failed({ code: 'query-refused', message: `${name} refuses the query: ${cause.message}.` });
    throw failed({
      code: 'metrics-unanswered',
      message: limit.aborted
        ? `${name} did not answer the query within ${milliseconds / 1000} s.`
        : `${name} did not answer the query: ${explain(cause)}.`,
      suggestion: `\`arc health ${role}\` says how it is`,
    });
  }
}

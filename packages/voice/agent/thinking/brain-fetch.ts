import type { Context } from '../../../spans/context.ts';
import { traceHeaders } from '../../../spans/context.ts';
import { requestSpan, type Tracer } from '../tracing/request-span.ts';

type Fetch = typeof fetch;

/**
 * Asks the brain: each question is a span until the first word of its answer, when the head of a stream comes. A client of
 * OpenAI's API takes it in place of its own `fetch`.
 *
 * @param options.part what a question that is asked now belongs to
 */
export function brainFetch(options: { spans: Tracer; part: () => Context; fetch?: Fetch }): Fetch {
  const { spans, part, fetch: ask = fetch } = options;
  return async (input, init) => {
    // What is asked beside questions, such as for the names of models, belongs to no turn.
    if (init?.method?.toUpperCase() !== 'POST') return await ask(input, init);
    const { signal } = init;
    return await requestSpan({ spans, name: 'agent.brain', part: part(), signal }, async (span) => {
      const headers = new Headers(init.headers);
      for (const [name, value] of Object.entries(traceHeaders())) headers.set(name, value);
      const answer = await ask(input, { ...init, headers });
      if (!answer.ok) span.fail(new Error(`the brain answered ${answer.status}`));
      return answer;
    });
  };
}

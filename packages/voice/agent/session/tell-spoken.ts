import { writeTraceparent } from '../../../spans/context.ts';
import type { Sentence } from '../speaking/sentence.ts';
import type { AnswerPart } from '../tracing/turn-traces.ts';
import type { About } from './about.ts';

/** Nobody waits for it, so it need not be long. */
const patience = 5_000;

/**
 * Tells the brain which sentences an answer had, which tells everybody else. A server of somebody else's that does not
 * want to know answers 404, which is fine.
 *
 * @param options.answer whose they are
 * @throws Error where the brain is away, or refuses
 */
export async function tellSpoken(options: {
  url: string;
  about: About;
  answer: AnswerPart;
  sentences: readonly Sentence[];
}): Promise<void> {
  const { url, about, answer, sentences } = options;
  const answered = await fetch(`${url}/v1/spoken`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', traceparent: writeTraceparent(answer) },
    body: JSON.stringify({
      ...about,
      sentences: sentences.map(({ text, at, tookMs, soundMs }) => ({
        ...{ text, at: at.toISOString() },
        ...{ took_ms: tookMs, sound_ms: soundMs },
      })),
    }),
    signal: AbortSignal.timeout(patience),
  });
  await answered.body?.cancel();
  if (!answered.ok && answered.status !== 404)
    throw new Error(`the brain answered ${answered.status} to what was spoken`);
}

import { traceHeaders } from '../../spans/context.ts';
import type { Embed } from './understand.ts';

/** Asks a server with OpenAI's API of embeddings. */
export function embedder(options: { url: string }): Embed {
  return async (texts, signal) => {
    const answer = await fetch(`${options.url}/v1/embeddings`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...traceHeaders() },
      body: JSON.stringify({ input: texts, model: 'text-embedding' }),
      signal,
    });
    if (!answer.ok) throw new Error(`embeddings answered ${answer.status}`);
    const { data } = (await answer.json()) as { data: { embedding: number[] }[] };
    return data.map(({ embedding }) => Float32Array.from(embedding));
  };
}

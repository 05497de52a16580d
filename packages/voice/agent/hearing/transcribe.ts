import { traceHeaders } from '../../../spans/context.ts';

/** How long one utterance may take to be heard before it counts as not understood. */
const patience = 10_000;

/**
 * Has speech written down.
 *
 * @param options.url of a server with OpenAI's API of transcriptions; arc's takes bare samples, others a WAV file
 * @param options.samples 16 kHz
 * @returns what was said; empty where nobody spoke
 * @throws Error where the server is away, late or refuses
 */
export type Transcribe = (options: { samples: Int16Array; signal: AbortSignal }) => Promise<string>;

/** Asks arc's own service of speech. */
export function transcriber(options: { url: string }): Transcribe {
  return async ({ samples, signal }) => {
    const answer = await fetch(`${options.url}/v1/audio/transcriptions`, {
      method: 'POST',
      headers: { 'content-type': 'audio/pcm;rate=16000', ...traceHeaders() },
      body: new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength),
      signal: AbortSignal.any([signal, AbortSignal.timeout(patience)]),
    });
    if (!answer.ok) throw new Error(`speech answered ${answer.status}`);
    const { text } = (await answer.json()) as { text: string };
    return text;
  };
}

import { origin, type SocketAddress } from '../../../core/socket-address.ts';
import { rate } from './sound.ts';

/** A sentence takes half a second each way where the machine is idle, and a hundred times that where it is not. */
const patienceMs = 60_000;

/** The stack's voice and ears: OpenAI's API, with samples at 16 kHz both ways. */
export type SpeechService = {
  /** @throws Error where it does not answer */
  speak: (text: string) => Promise<Int16Array>;
  /** What was said, in small letters and without marks. @throws Error where it does not answer */
  hear: (samples: Int16Array) => Promise<string>;
};

export function speechService(options: { address: SocketAddress; signal: AbortSignal }): SpeechService {
  const ask = async (
    path: string,
    init: { headers: Record<string, string>; body: string | Uint8Array<ArrayBuffer> },
  ) => {
    const signal = AbortSignal.any([options.signal, AbortSignal.timeout(patienceMs)]);
    const answer = await fetch(`${origin(options.address)}${path}`, { method: 'POST', ...init, signal });
    if (!answer.ok) throw new Error(`${path} answered ${answer.status}`);
    return answer;
  };
  return {
    speak: async (input) => {
      const body = JSON.stringify({ input, response_format: 'pcm', rate });
      const answer = await ask('/v1/audio/speech', { headers: { 'content-type': 'application/json' }, body });
      return new Int16Array(await answer.arrayBuffer());
    },
    hear: async (samples) => {
      const body = new Uint8Array(samples.length * 2);
      body.set(new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength));
      const headers = { 'content-type': `audio/pcm;rate=${rate}` };
      const { text } = (await (await ask('/v1/audio/transcriptions', { headers, body })).json()) as {
        text: string;
      };
      return plain(text);
    },
  };
}

/** Words alone, for comparisons. */
export function plain(text: string): string {
  return text
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}' ]/gu, ' ')
    .replaceAll(/\s+/g, ' ')
    .trim();
}

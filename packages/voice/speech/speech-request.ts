import { HttpProblem } from '../service/http/problem.ts';

/** What is to be spoken. `rate`: samples a second, none for the voice's own. */
export type SpeechRequest = { text: string; speed: number; format: 'pcm' | 'wav'; rate?: number };

/** As OpenAI's API has it. */
const longest = 4096;

/** OpenAI's `pcm` has no field for a rate: its clients expect this one. */
const pcmRate = 24_000;

/**
 * Reads the body of `/v1/audio/speech`. `rate` is arc's own field, because a client that plays at the voice's own rate
 * need not pay for another.
 *
 * @throws HttpProblem 400, with the field
 */
export function readSpeechRequest(body: Record<string, unknown>): SpeechRequest {
  const { input, speed = 1, response_format: format = 'wav', rate } = body;
  const wrong = (param: string, message: string) =>
    new HttpProblem({ status: 400, code: 'invalid_value', param, message });
  if (typeof input !== 'string' || input.trim() === '') throw wrong('input', '`input` has to be a text.');
  if (input.length > longest)
    throw wrong('input', `\`input\` has ${input.length} characters; ${longest} are the most.`);
  if (typeof speed !== 'number' || !(speed >= 0.25 && speed <= 4))
    throw wrong('speed', '`speed` has to be a number from 0.25 to 4.');
  if (format !== 'pcm' && format !== 'wav')
    throw wrong(
      'response_format',
      '`response_format` has to be "pcm" or "wav": there is no other encoder here.',
    );
  if (
    rate !== undefined &&
    !(typeof rate === 'number' && Number.isInteger(rate) && rate >= 8000 && rate <= 48_000)
  )
    throw wrong('rate', '`rate` has to be a whole number from 8000 to 48000.');
  const chosen = rate ?? (format === 'pcm' ? pcmRate : undefined);
  return { text: input, speed, format, ...(chosen === undefined ? {} : { rate: chosen }) };
}

/**
 * The texts of the body of `/v1/embeddings`.
 *
 * @throws HttpProblem 400
 */
export function readEmbeddingRequest(body: Record<string, unknown>): readonly string[] {
  const { input } = body;
  const texts = typeof input === 'string' ? [input] : input;
  if (
    !Array.isArray(texts) ||
    texts.length === 0 ||
    texts.length > 256 ||
    !texts.every((text) => typeof text === 'string' && text !== '')
  )
    throw new HttpProblem({
      status: 400,
      code: 'invalid_value',
      param: 'input',
      message: '`input` has to be a text, or a list of 1 to 256 texts.',
    });
  return texts;
}

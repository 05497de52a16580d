import { readFile } from 'node:fs/promises';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { sessionOptions } from '../onnx/session.ts';
import { tokenize, type Vocabulary } from './wordpiece.ts';

export type Embedder = {
  /** Numbers of one embedding. */
  dimensions: number;
  /** The embedding of a text, of length 1, and how many tokens it has. */
  embed(text: string): Promise<{ vector: Float32Array; tokens: number }>;
};

/**
 * Loads all-MiniLM-L6-v2.
 *
 * @param options.model path of its `.onnx`
 * @param options.tokenizer path of its tokenizer.json
 * @throws NodeJS.ErrnoException
 */
export async function loadEmbedder(options: { model: string; tokenizer: string }): Promise<Embedder> {
  const { model: vocabulary } = JSON.parse(await readFile(options.tokenizer, 'utf8')) as {
    model: { vocab: Vocabulary };
  };
  const session = await InferenceSession.create(options.model, sessionOptions);
  const embed = async (text: string) => {
    const tokens = tokenize({ text, vocabulary: vocabulary.vocab });
    const row = (values: readonly number[]) =>
      new Tensor('int64', BigInt64Array.from(values, BigInt), [1, values.length]);
    const feeds = {
      input_ids: row(tokens),
      attention_mask: row(tokens.map(() => 1)),
      token_type_ids: row(tokens.map(() => 0)),
    };
    const { [session.outputNames[0] ?? '']: states } = await session.run(feeds);
    if (states === undefined) throw new RangeError('The model of embeddings has no output.');
    return {
      vector: meanOf({ states: states.data as Float32Array, count: tokens.length }),
      tokens: tokens.length,
    };
  };
  return { dimensions: (await embed('warm up')).vector.length, embed };
}

/** The mean over all tokens, scaled to length 1, as the model was trained for. */
export function meanOf(options: { states: Float32Array; count: number }): Float32Array {
  const { states, count } = options;
  const size = states.length / count;
  const mean = new Float32Array(size);
  for (const [index, value] of states.entries())
    mean[index % size] = (mean[index % size] ?? 0) + value / count;
  const length = Math.hypot(...mean);
  return mean.map((value) => value / (length === 0 ? 1 : length));
}

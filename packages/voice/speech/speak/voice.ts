import { readFile } from 'node:fs/promises';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { phonemize } from 'phonemizer';
import { cutGraph } from '../onnx/cut-graph.ts';
import { sessionOptions } from '../onnx/session.ts';
import { chunksOf } from './chunks.ts';
import { clausesOf, phonemeIds, sentencesOf } from './phonemes.ts';

/** What a Piper voice's JSON says. Source: `piper.config`, and the voice's own file. */
type VoiceConfig = {
  audio: { sample_rate: number };
  espeak: { voice: string };
  inference: { noise_scale: number; length_scale: number; noise_w: number };
  phoneme_id_map: Readonly<Record<string, readonly number[]>>;
};

export type Voice = {
  /** Samples a second. */
  rate: number;
  /**
   * Speaks, sentence by sentence, and each sentence in pieces: the first comes before the sentence is done.
   *
   * @param options.speed 1 is the voice's own; 2 is twice as fast
   * @returns 16-bit samples at `rate`
   */
  speak(options: { text: string; speed: number; signal: AbortSignal }): AsyncGenerator<Int16Array>;
};

/**
 * Loads a Piper voice, in two parts: what decides how a sentence sounds, and what makes sound of it.
 *
 * @param path of its `.onnx`; its JSON is beside it
 * @throws NodeJS.ErrnoException, RangeError where it is none
 */
export async function loadVoice(path: string): Promise<Voice> {
  const [bytes, json] = await Promise.all([readFile(path), readFile(`${path}.json`, 'utf8')]);
  const config = JSON.parse(json) as VoiceConfig;
  const { first, second, between } = cutGraph({ bytes, before: '/dec/conv_pre/Conv' });
  const [prosody, decoder] = await Promise.all(
    [first, second].map((part) => InferenceSession.create(part, sessionOptions)),
  );
  if (prosody === undefined || decoder === undefined) throw new RangeError(`${path} has no two parts.`);
  const output = decoder.outputNames[0] ?? 'output';

  async function* speak(options: {
    text: string;
    speed: number;
    signal: AbortSignal;
  }): AsyncGenerator<Int16Array> {
    for (const sentence of sentencesOf(options.text)) {
      if (options.signal.aborted) return;
      const latent = await latentOf(sentence, options.speed);
      if (latent === undefined) continue;
      const [, channels = 0, frames = 0] = latent.dims;
      for (const { from, to, keepFrom, keepTo } of chunksOf(frames)) {
        if (options.signal.aborted) return;
        const part = new Tensor(
          'float32',
          slice({ data: latent.data as Float32Array, channels, frames, from, to }),
          [1, channels, to - from],
        );
        const { [output]: sound } = (await decoder?.run({ [between]: part })) ?? {};
        const samples = sound?.data as Float32Array;
        const hop = samples.length / (to - from);
        yield toPcm(samples.subarray((keepFrom - from) * hop, (keepTo - from) * hop));
      }
    }
  }

  async function latentOf(sentence: string, speed: number): Promise<Tensor | undefined> {
    const parts: string[] = [];
    for (const { text, mark } of clausesOf(sentence))
      parts.push(`${(await phonemize(text, config.espeak.voice)).join(' ')}${mark}`);
    if (parts.length === 0) return undefined;
    const ids = phonemeIds({ phonemes: parts.join(' '), map: config.phoneme_id_map });
    const { noise_scale, length_scale, noise_w } = config.inference;
    const { [between]: latent } =
      (await prosody?.run({
        input: new Tensor('int64', BigInt64Array.from(ids, BigInt), [1, ids.length]),
        input_lengths: new Tensor('int64', BigInt64Array.from([BigInt(ids.length)]), [1]),
        scales: new Tensor('float32', Float32Array.from([noise_scale, length_scale / speed, noise_w]), [3]),
      })) ?? {};
    return latent;
  }
  return { rate: config.audio.sample_rate, speak };
}

/** Frames `from` to `to` of a tensor of channels times frames. */
function slice(options: {
  data: Float32Array;
  channels: number;
  frames: number;
  from: number;
  to: number;
}): Float32Array {
  const { data, channels, frames, from, to } = options;
  const part = new Float32Array(channels * (to - from));
  for (let channel = 0; channel < channels; channel += 1)
    part.set(data.subarray(channel * frames + from, channel * frames + to), channel * (to - from));
  return part;
}

function toPcm(samples: Float32Array): Int16Array {
  return Int16Array.from(samples, (sample) => Math.round(Math.min(1, Math.max(-1, sample)) * 32767));
}

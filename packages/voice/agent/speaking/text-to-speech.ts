import { AudioByteStream, tts } from '@livekit/agents';
import { traceHeaders } from '../../../spans/context.ts';
import { requestSpan, type Tracer } from '../tracing/request-span.ts';
import type { AnswerPart } from '../tracing/turn-traces.ts';
import { inOrder } from './in-order.ts';
import type { Sentence } from './sentence.ts';

/** How long a sentence may take from first to last sample. */
const patience = 30_000;

/** 20 ms at 22,050 Hz: what goes into one packet of Opus. */
const frameSamples = 441;

export type SpeakingOptions = {
  /** Of a server with OpenAI's API of speech that knows `rate`. */
  url: string;
  /** Samples a second, of the voice itself, so that nothing is resampled twice. */
  rate: number;
  spans: Tracer;
  /** What a sentence that is asked for now is a part of. */
  part: () => AnswerPart | undefined;
  onSpoken: (sentence: Sentence) => void;
};

/**
 * Speaks with arc's service of speech. The framework asks for two sentences at the same time: the second waits here, or
 * it would take time from the first, and could even come before it.
 */
export class OrderedTextToSpeech extends tts.TTS {
  override label = 'arc.OrderedTextToSpeech';
  readonly #options: SpeakingOptions;
  readonly #turn = inOrder();

  constructor(options: SpeakingOptions) {
    super(options.rate, 1, { streaming: false });
    this.#options = options;
  }

  override get model(): string {
    return 'arc-speech';
  }

  override get provider(): string {
    return 'arc';
  }

  override synthesize(
    text: string,
    connection?: ConstructorParameters<typeof tts.ChunkedStream>[2],
    signal?: AbortSignal,
  ): tts.ChunkedStream {
    return new OrderedStream({
      text,
      owner: this,
      speaking: this.#options,
      turn: this.#turn,
      connection,
      signal,
    });
  }

  override stream(): tts.SynthesizeStream {
    throw new Error('This voice speaks sentence by sentence.');
  }
}

type StreamOptions = {
  text: string;
  owner: tts.TTS;
  speaking: SpeakingOptions;
  turn: ReturnType<typeof inOrder>;
  connection: ConstructorParameters<typeof tts.ChunkedStream>[2] | undefined;
  signal: AbortSignal | undefined;
};

class OrderedStream extends tts.ChunkedStream {
  override label = 'arc.OrderedStream';
  readonly #options: StreamOptions;
  /** Taken when the sentence is asked for, which is when its place among the others is known. */
  readonly #place: ReturnType<ReturnType<typeof inOrder>>;
  readonly #part: AnswerPart | undefined;

  constructor(options: StreamOptions) {
    super(options.text, options.owner, options.connection, options.signal);
    this.#options = options;
    this.#place = options.turn();
    this.#part = options.speaking.part();
  }

  protected override async run(): Promise<void> {
    try {
      await this.#place.reached;
      const { abortSignal: signal } = this;
      if (signal.aborted) return;
      const { spans } = this.#options.speaking;
      const given = { spans, name: 'agent.tts', part: this.#part, signal };
      await requestSpan(given, async (span) => {
        const sentence = await this.#speak();
        span.set({ 'arc.first_sound_ms': sentence.firstSoundMs, 'arc.sound_ms': sentence.soundMs });
        this.#options.speaking.onSpoken(sentence);
      });
    } catch (cause) {
      // A sentence that nobody wants any more is no failure.
      if (!this.abortSignal.aborted) throw cause;
    } finally {
      this.#place.leave();
      this.queue.close();
    }
  }

  async #speak(): Promise<Sentence> {
    const { text, speaking } = this.#options;
    const [at, began] = [new Date(), performance.now()];
    const since = (): number => Math.round(performance.now() - began);
    const answer = await fetch(`${speaking.url}/v1/audio/speech`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...traceHeaders() },
      body: JSON.stringify({ input: text, response_format: 'pcm', rate: speaking.rate }),
      signal: AbortSignal.any([this.abortSignal, AbortSignal.timeout(patience)]),
    });
    if (!answer.ok || answer.body === null) throw new Error(`speech answered ${answer.status}`);
    const frames = new AudioByteStream(speaking.rate, 1, frameSamples);
    const id = crypto.randomUUID();
    // The last frame says that it is the last, so each waits for the one after it.
    let waiting: ReturnType<typeof frames.flush>[number] | undefined;
    let samples = 0;
    const put = (all: ReturnType<typeof frames.flush>) => {
      for (const frame of all) {
        samples += frame.samplesPerChannel;
        if (waiting !== undefined)
          this.queue.put({ requestId: id, segmentId: id, frame: waiting, final: false });
        waiting = frame;
      }
    };
    let firstSoundMs: number | undefined;
    for await (const piece of answer.body as AsyncIterable<Uint8Array>) {
      firstSoundMs ??= since();
      put(frames.write(Uint8Array.from(piece).buffer));
    }
    put(frames.flush());
    if (waiting !== undefined) this.queue.put({ requestId: id, segmentId: id, frame: waiting, final: true });
    const [tookMs, soundMs] = [since(), Math.round((1000 * samples) / speaking.rate)];
    return { part: this.#part, text, at, firstSoundMs: firstSoundMs ?? tookMs, tookMs, soundMs };
  }
}

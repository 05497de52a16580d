import { stt } from '@livekit/agents';
// The package is CommonJS: as a namespace it would have one of its functions only.
import localInference from '@livekit/local-inference';
import type { Transcribe } from './transcribe.ts';
import { followUtterance, windowMs } from './utterance.ts';
import { joined, windowsOf } from './windows.ts';

const rate = 16_000;
const windowSamples = (rate * windowMs) / 1000;

/** Sound from before the voice was noticed, so that its first syllable is heard: 12 windows. */
const before = 12;

export type HearingOptions = {
  /** Silence after which what was said is heard, in the hope that it is over. */
  speculateMs: number;
  /** How much silence it takes until it is over: undefined while nobody knows what was said. */
  silenceToEnd: (text: string | undefined) => number;
  transcribe: Transcribe;
  /** Told what was heard up to a pause. */
  onDraft: (text: string) => void;
  /** Whether what was heard is for the agent. */
  isTurn: (text: string) => boolean;
  /** Told that somebody begins to speak. */
  onBegin: () => void;
  /** Told that it is over, whether it was for the agent, and how long after its end it was written down: seconds. */
  onEnd: (isForAgent: boolean, hearing: number) => void;
  onError: (cause: unknown) => void;
};

/**
 * Hears while somebody speaks: at each pause what was said is written down already, so that where the pause was the
 * end, the text is there.
 */
export class SpeculativeSpeechToText extends stt.STT {
  override label = 'arc.SpeculativeSpeechToText';
  readonly #options: HearingOptions;

  constructor(options: HearingOptions) {
    super({ streaming: true, interimResults: true });
    this.#options = options;
  }

  override get model(): string {
    return 'arc-speech';
  }

  override get provider(): string {
    return 'arc';
  }

  protected override async _recognize(): Promise<stt.SpeechEvent> {
    throw new Error('This recogniser hears streams only.');
  }

  override stream(): stt.SpeechStream {
    return new SpeculativeStream(this, this.#options);
  }
}

/** What was said up to a pause, and its text as soon as it is there. */
type Draft = { cut: number; endedAt: number; text: Promise<string>; said?: string; hearing: number };

class SpeculativeStream extends stt.SpeechStream {
  override label = 'arc.SpeculativeStream';
  readonly #options: HearingOptions;

  constructor(owner: stt.STT, options: HearingOptions) {
    super(owner, rate);
    this.#options = options;
  }

  protected override async run(): Promise<void> {
    const detector = localInference.createVad();
    let draft: Draft | undefined;
    const { speculateMs } = this.#options;
    const silenceToEnd = () => this.#options.silenceToEnd(draft?.said);
    const follow = followUtterance({ speculateMs, silenceToEnd });
    const split = windowsOf(windowSamples);
    let heard: Int16Array[] = [];
    let speaking = false;
    for await (const frame of this.input) {
      if (typeof frame === 'symbol') continue;
      for (const samples of split(frame.data)) {
        heard.push(samples);
        if (!speaking && heard.length > before) heard.shift();
        const happening = follow(await detector.predict(samples));
        if (happening === undefined) continue;
        if (happening.kind === 'begin') {
          speaking = true;
          this.#options.onBegin();
          this.queue.put({ type: stt.SpeechEventType.START_OF_SPEECH });
        } else if (happening.kind === 'resume') draft = undefined;
        else if (happening.kind === 'pause') draft = this.#hear(happening.cut, joined(heard), () => draft);
        else if (draft !== undefined) {
          this.#finish(draft);
          [heard, speaking, draft] = [[], false, undefined];
        }
      }
    }
  }

  /** Has it written down, and says so before it is certain that nothing follows. */
  #hear(cut: number, samples: Int16Array, current: () => Draft | undefined): Draft {
    const endedAt = Date.now() - this.#options.speculateMs;
    const text = this.#options.transcribe({ samples, signal: this.abortSignal });
    const draft: Draft = { cut, endedAt, text, hearing: 0 };
    text.then(
      (said) => {
        draft.said = said;
        draft.hearing = (Date.now() - endedAt) / 1000;
        if (current() !== draft || said === '') return;
        this.#options.onDraft(said);
        if (!this.#options.isTurn(said)) return;
        const type = stt.SpeechEventType.PREFLIGHT_TRANSCRIPT;
        this.queue.put({ type, alternatives: alternatives(said), speechEndTime: endedAt });
      },
      (cause: unknown) => this.#options.onError(cause),
    );
    return draft;
  }

  #finish(draft: Draft): void {
    const { endedAt, text } = draft;
    const end = (isForAgent: boolean) => {
      this.#options.onEnd(isForAgent, draft.hearing);
      this.queue.put({ type: stt.SpeechEventType.END_OF_SPEECH, speechEndTime: endedAt });
    };
    text.then(
      (said) => {
        const type = stt.SpeechEventType.FINAL_TRANSCRIPT;
        const isForAgent = said !== '' && this.#options.isTurn(said);
        if (isForAgent) this.queue.put({ type, alternatives: alternatives(said), speechEndTime: endedAt });
        end(isForAgent);
      },
      // What went wrong was said where it was heard.
      () => end(false),
    );
  }
}

function alternatives(text: string): [stt.SpeechData] {
  return [{ language: 'en' as stt.SpeechData['language'], text, startTime: 0, endTime: 0, confidence: 1 }];
}

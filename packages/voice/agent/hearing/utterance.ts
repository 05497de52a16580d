/** How long one probability of the voice detector stands for, in milliseconds: 512 samples at 16 kHz. */
export const windowMs = 32;

/** What a window of sound means for an utterance. */
export type Happening =
  | { kind: 'begin' }
  /** It may be over: what has been said so far is worth hearing already. `cut` counts these. */
  | { kind: 'pause'; cut: number }
  /** Somebody went on: what was heard at the pause is not all. */
  | { kind: 'resume' }
  /** It is over. `cut`: the pause that it was over at. */
  | { kind: 'end'; cut: number };

export type UtteranceOptions = {
  /** Silence after which what was said is heard, in the hope that it is over. */
  speculateMs: number;
  /** How much silence it takes until it is over, from what is known by then. */
  silenceToEnd: () => number;
};

/** Above this a window is a voice, and below {@link fallen} it is none any more. Source: as Silero's authors advise. */
const risen = 0.5;
const fallen = 0.35;

/** Windows in a row that begin an utterance: a click is shorter. */
const beginning = 2;

/**
 * Follows one person's utterances by the probabilities that a voice detector gives. Pure but for what it remembers.
 *
 * @returns a function from a window's probability to what it means; undefined where it means nothing
 */
export function followUtterance(options: UtteranceOptions): (probability: number) => Happening | undefined {
  let state: 'silent' | 'speaking' | 'paused' = 'silent';
  let voiced = 0;
  let silence = 0;
  let cut = 0;
  return (probability) => {
    if (state === 'silent') {
      voiced = probability > risen ? voiced + 1 : 0;
      if (voiced < beginning) return undefined;
      state = 'speaking';
      silence = 0;
      return { kind: 'begin' };
    }
    if (probability >= fallen) {
      silence = 0;
      if (state === 'speaking') return undefined;
      state = 'speaking';
      return { kind: 'resume' };
    }
    silence += windowMs;
    if (state === 'speaking' && silence >= options.speculateMs) {
      state = 'paused';
      cut += 1;
      return { kind: 'pause', cut };
    }
    if (state === 'paused' && silence >= options.silenceToEnd()) {
      state = 'silent';
      voiced = 0;
      return { kind: 'end', cut };
    }
    return undefined;
  };
}

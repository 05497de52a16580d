import type { AnswerPart } from '../tracing/turn-traces.ts';

/** A sentence that speech has made sound of. */
export type Sentence = {
  /** Of which answer; undefined where the agent speaks of itself. */
  part: AnswerPart | undefined;
  text: string;
  /** When it was asked for. */
  at: Date;
  /** From then to its first sound, and to its last; and how long it sounds. Milliseconds. */
  firstSoundMs: number;
  tookMs: number;
  soundMs: number;
};

/** Sentences that wait for the end of their answer; more are only there where answers never end. */
const most = 100;

/** Keeps the sentences of answers until each is over. Answers that were prepared too early are left out. */
export function spokenSentences(): {
  add: (sentence: Sentence) => void;
  /** The sentences of an answer; they, and those of the same turn that it took the place of, are kept no longer. */
  take: (answer: AnswerPart) => readonly Sentence[];
} {
  let waiting: readonly Sentence[] = [];
  return {
    add: (sentence) => {
      if (sentence.part !== undefined) waiting = [...waiting, sentence].slice(-most);
    },
    take: ({ traceId, question }) => {
      const ofTurn = waiting.filter(({ part }) => part?.traceId === traceId);
      waiting = waiting.filter(({ part }) => part?.traceId !== traceId);
      return ofTurn.filter(({ part }) => part?.question === question);
    },
  };
}

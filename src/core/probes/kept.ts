import { ageText } from '../age.ts';
import type { ProbeAnswer } from './probe.ts';

/** An answer that took too long to ask for each time, as it was given last. */
export type KeptAnswer = {
  /** When it was given. */
  at: Date;
  /** Engine ids of the containers that it is about. A container that was recreated since has another. */
  about: readonly string[];
  answer: ProbeAnswer;
};

/** `milliseconds`: how old the answer is. */
export type KeptJudgement =
  | { known: true; answer: ProbeAnswer; milliseconds: number }
  | { known: false; because: string };

/**
 * Whether a kept answer still says something. Pure.
 *
 * @param options.about Engine ids of the containers that run now
 * @param options.believedFor milliseconds
 */
export function judgeKept(options: {
  kept: KeptAnswer | undefined;
  about: readonly string[];
  now: Date;
  believedFor: number;
}): KeptJudgement {
  const { kept, about, now, believedFor } = options;
  if (kept === undefined) return { known: false, because: 'it was not asked yet' };
  const asked = new Set(kept.about);
  if (asked.size !== about.length || !about.every((id) => asked.has(id)))
    return { known: false, because: 'it was not asked since its containers were recreated' };
  const milliseconds = now.getTime() - kept.at.getTime();
  // A clock that was set back makes an answer of the future, whose age nobody knows.
  if (milliseconds < 0)
    return { known: false, because: `it was asked at ${kept.at.toISOString()}, later than now` };
  if (milliseconds > believedFor)
    return { known: false, because: `it was asked ${ageText(milliseconds)} ago` };
  return { known: true, answer: kept.answer, milliseconds };
}

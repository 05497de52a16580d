import { setTimeout as sleep } from 'node:timers/promises';
import { joined } from '../../../src/providers/livekit/voice/sound.ts';
import { until } from '../../support/until.ts';
import type { Talk } from './room.ts';

/** An answer that is long enough to be interrupted. */
const longQuestion = 'What is the date today?';
/** The agent is silent when nothing was heard for this long. */
const silentMs = 400;
const intoAnswerMs = 700;

/** Waits until the agent is in the middle of its answer. */
async function intoAnswer({ caller, speech }: Talk): Promise<void> {
  await until({ what: 'silence', ask: () => performance.now() - caller.lastHeardAt() > 4_000 });
  const asked = performance.now();
  await caller.play(await speech.speak(longQuestion));
  await until({ what: 'an answer', ask: () => caller.lastHeardAt() > asked });
  await sleep(intoAnswerMs);
}

/** Milliseconds. */
export type BargeIn = {
  /** From the first sound of the interruption to the last one of the agent that is heard. */
  outside: number;
  /** What the agent says of it: from when it noticed the voice to its last sound. */
  inside: number;
};

export async function bargeIn(talk: Talk): Promise<BargeIn> {
  const { caller, speech } = talk;
  const told = caller.messages.length;
  const words = await speech.speak('Stop, please stop talking now.');
  await intoAnswer(talk);
  const began = performance.now();
  void caller.play(words);
  await until({ what: 'silence', ask: () => performance.now() - caller.lastHeardAt() > silentMs });
  const outside = caller.lastHeardAt() - began;
  const stopMs = () =>
    caller.messages
      .slice(told)
      .filter(({ topic }) => topic === 'arc.turn')
      .map(({ text }) => (JSON.parse(text) as { stopMs?: number }).stopMs)
      .find((one) => one !== undefined);
  return { outside, inside: await until({ what: 'the record of what was interrupted', ask: stopMs }) };
}

/** @returns whether an answer was finished although somebody said "uh-huh" */
export async function goesOn(talk: Talk): Promise<boolean> {
  const { caller, speech } = talk;
  const sound = await speech.speak('Uh-huh.');
  const told = caller.messages.length;
  await intoAnswer(talk);
  await caller.play(joined([sound]));
  await until({ what: 'the end of the answer', ask: () => performance.now() - caller.lastHeardAt() > 3_000 });
  const records = caller.messages.slice(told).filter(({ topic }) => topic === 'arc.turn');
  return records.length === 1 && records.every(({ text }) => text.includes('"interrupted":false'));
}

import { setTimeout as sleep } from 'node:timers/promises';
import { defined } from '../../../core/defined.ts';
import type { VoiceResult, VoiceTurn } from '../../voice.ts';
import { loadRtc } from '../webrtc/rtc.ts';
import type { ConverseTask } from '../webrtc/task.ts';
import { joinAsCaller, NothingHeard, type VoiceCaller } from './caller.ts';
import { isRight } from './judge.ts';
import { plain, type SpeechService, speechService } from './speech.ts';
import { readAgentTurn, stagesOf } from './stages.ts';

/** A process for the conversation starts within a second or two where the machine is idle, and late where it is not. */
const agentMs = 45_000;
const answerMs = 20_000;
/** The agent tells its part when it has said its last word. */
const recordMs = 2_000;

type Call = { task: ConverseTask; speech: SpeechService };

/**
 * Asks one question as a person would: the stack's voice speaks it in real time, and the answer is measured where it
 * arrives. What was heard is written down by the stack's ears and compared.
 */
export async function converse(task: ConverseTask): Promise<VoiceResult> {
  const rtc = loadRtc();
  if (rtc === undefined) return { kind: 'no-client' };
  // Who started this process ends it.
  const { signal } = new AbortController();
  const speech = speechService({ address: task.speech, signal });
  const caller = await joinAsCaller({ rtc, url: task.url, token: task.token, signal });
  try {
    return await converseAs(caller, { task, speech });
  } finally {
    await caller.leave();
  }
}

async function converseAs(caller: VoiceCaller, { task, speech }: Call): Promise<VoiceResult> {
  const { question, expected } = task;
  let samples: Int16Array;
  try {
    // The agent comes meanwhile.
    samples = await speech.speak(question);
  } catch (cause) {
    return { kind: 'no-speech', because: `the voice does not speak: ${said(cause)}` };
  }
  const absent = await waitForAgent(caller);
  if (absent !== undefined) return absent;
  const captions = () => caller.messages.filter(({ topic }) => topic === 'lk.transcription');
  let answer: Awaited<ReturnType<VoiceCaller['ask']>>;
  try {
    answer = await caller.ask(samples, samples.length / 16 + answerMs);
  } catch (cause) {
    if (!(cause instanceof NothingHeard)) throw cause;
    const heard = captions().at(-1)?.text;
    return { kind: 'silent', waitedMs: answerMs, question, ...defined({ heard }) };
  }
  const agent = await agentTurn(caller);
  let text: string;
  try {
    text = await speech.hear(answer.samples);
  } catch (cause) {
    return { kind: 'no-speech', because: `the ears do not hear: ${said(cause)}` };
  }
  const milliseconds = Math.round(answer.afterMs);
  const turn: VoiceTurn = {
    question,
    answer: text,
    milliseconds,
    ...(agent === undefined ? {} : { heard: agent.heard, stages: stagesOf({ milliseconds, agent }) }),
  };
  const told = agent && plain(agent.said);
  return isRight({ heard: text, said: told, expected: new RegExp(expected, 'i') })
    ? { kind: 'answered', turn }
    : { kind: 'wrong', turn, expected };
}

/** @returns why none listens; undefined when one does */
async function waitForAgent(
  caller: VoiceCaller,
): Promise<Extract<VoiceResult, { kind: 'no-agent' }> | undefined> {
  const began = performance.now();
  const isFull = () =>
    caller.messages.some(({ topic, text }) => topic === 'arc.agent' && text.includes('"full"'));
  let isHeard = false;
  // It says that it listens a moment before it has the sound of the microphone.
  caller.isHeard.then(
    () => {
      isHeard = true;
    },
    () => {},
  );
  while (!isHeard || caller.agentState() !== 'listening') {
    const waitedMs = Math.round(performance.now() - began);
    if (waitedMs > agentMs || isFull()) return { kind: 'no-agent', waitedMs, full: isFull() };
    await sleep(20);
  }
  return undefined;
}

async function agentTurn(caller: VoiceCaller) {
  const until = performance.now() + recordMs;
  for (;;) {
    const told = caller.messages.findLast(({ topic }) => topic === 'arc.turn');
    if (told !== undefined) return readAgentTurn(told.text);
    if (performance.now() > until) return undefined;
    await sleep(20);
  }
}

function said(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}

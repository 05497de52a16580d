/** What the framework measured of one message: seconds, and seconds since 1970. */
export type MessageMetrics = {
  startedSpeakingAt?: number;
  stoppedSpeakingAt?: number;
  transcriptionDelay?: number;
  endOfTurnDelay?: number;
  llmNodeTtft?: number;
  ttsNodeTtfb?: number;
  e2eLatency?: number;
};

/** One turn as the agent saw it, which everybody in the room is told as text with the topic `arc.turn`. Milliseconds. */
export type TurnRecord = {
  heard: string;
  said: string;
  interrupted: boolean;
  /** From the end of speech, as the voice detector saw it, to … */
  textMs: number;
  turnEndMs: number;
  speakingMs: number;
  /** Work that may have been done before the turn ended. */
  brainMs: number;
  voiceMs: number;
  /** Of an answer that was interrupted: from when the voice was noticed to the agent's last sound. */
  stopMs?: number;
  /** What `arc trace` shows the turn by: 32 hexadecimal digits. */
  trace: string;
};

/** @returns undefined where the wait cannot be known, because the question was typed */
export function turnRecord(options: {
  heard: { text: string; metrics: MessageMetrics };
  said: { text: string; metrics: MessageMetrics; interrupted: boolean };
  stopMs: number | undefined;
  trace: string;
}): TurnRecord | undefined {
  const { heard, said, stopMs, trace } = options;
  const speaking = said.metrics.e2eLatency;
  if (speaking === undefined) return undefined;
  const milliseconds = (seconds = 0): number => Math.round(seconds * 1000);
  return {
    heard: heard.text,
    said: said.text,
    interrupted: said.interrupted,
    textMs: milliseconds(heard.metrics.transcriptionDelay),
    turnEndMs: milliseconds(heard.metrics.endOfTurnDelay),
    speakingMs: milliseconds(speaking),
    brainMs: milliseconds(said.metrics.llmNodeTtft),
    voiceMs: milliseconds(said.metrics.ttsNodeTtfb),
    ...(said.interrupted && stopMs !== undefined ? { stopMs: Math.round(stopMs) } : {}),
    trace,
  };
}

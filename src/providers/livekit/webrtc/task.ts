import type { Reply } from '../../../core/probes/ask.ts';
import type { SocketAddress } from '../../../core/socket-address.ts';
import type { VoiceResult } from '../../voice.ts';

/** A TURN server, and who one is there. */
export type Relay = { url: string; username: string; password: string };

/** Two participants, one of whom hears the other. */
export type HearTask = {
  kind: 'hear';
  /** Of the server, as `ws://…`. */
  url: string;
  tokens: { speaker: string; listener: string };
  /** The only way that media of both may go; absent if any way will do. */
  relay?: Relay;
  limitMilliseconds: number;
};

/** A question to an agent, and its answer. */
export type ConverseTask = {
  kind: 'converse';
  url: string;
  token: string;
  /** Of OpenAI's API of speech and transcriptions. */
  speech: SocketAddress;
  question: string;
  /** What the answer has to match, as a regular expression without regard to case. */
  expected: string;
};

/** Something that needs a WebRTC client. */
export type WebrtcTask = HearTask | ConverseTask;

/** What comes of each. */
export type WebrtcAnswer = { hear: Reply; converse: VoiceResult };

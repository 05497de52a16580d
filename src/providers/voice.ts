import type { Fields } from '../core/data.ts';
import type { SocketAddress } from '../core/socket-address.ts';
import type { Server } from './provider.ts';

/** Parts of the wait between the end of a question and the first sound of its answer, in their order. */
export const stageNames = ['transport', 'endpointing', 'hearing', 'thinking', 'speaking'] as const;

export type StageName = (typeof stageNames)[number];

/** What one part adds to the wait; what is done while something else is waited for adds nothing. */
export type Stage = { name: StageName; milliseconds: number };

/** A question asked aloud, and its answer, as somebody outside the agent heard it. */
export type VoiceTurn = {
  question: string;
  /** What the agent says it heard; absent where it does not say, because it is not arc's. */
  heard?: string;
  /** The answer, as the stack's own ears heard it. */
  answer: string;
  /** From the last voiced sample of the question to the first one of the answer. */
  milliseconds: number;
  /** Absent where the agent does not tell its part. */
  stages?: readonly Stage[];
};

/** What became of a turn. Everything but `answered` is a fault of the stack. */
export type VoiceResult =
  | { kind: 'answered'; turn: VoiceTurn }
  | { kind: 'wrong'; turn: VoiceTurn; expected: string }
  | { kind: 'no-agent'; waitedMs: number; full: boolean }
  /** It was there, and said nothing. `heard`: what it says it heard. */
  | { kind: 'silent'; waitedMs: number; question: string; heard?: string }
  /** The stack's own voice or ears did not answer. */
  | { kind: 'no-speech'; because: string }
  | { kind: 'no-client' };

/** A turn to be had. */
export type VoiceQuestion = {
  server: Server;
  /** Of the LiveKit server. */
  address: SocketAddress;
  /** Of OpenAI's API of speech and transcriptions. */
  speech: SocketAddress;
  question: string;
  /** What the answer has to match, as a regular expression without regard to case. */
  expected: string;
  signal: AbortSignal;
};

/** A turn as a manifest declares it. */
export type DeclaredTurn = {
  /** The port of the speech service. */
  speech: { role: string; port: string };
  question: string;
  expected: string;
  /** Roles without which nobody answers. */
  needs: readonly string[];
  /** Of the probe that declares it. */
  fields: Fields;
};

/** What `arc voice` does with a server that agents talk through. */
export type VoiceTools = {
  /** The turn that its checks declare; undefined where none does. Pure. */
  declared: (server: Server) => DeclaredTurn | undefined;
  turn: (question: VoiceQuestion) => Promise<VoiceResult>;
};

/** What became of a turn, as one line. Pure. */
export function voiceReply(result: VoiceResult): { ok: boolean; came: string; missing?: true } {
  switch (result.kind) {
    case 'answered': {
      const { milliseconds, answer } = result.turn;
      return { ok: true, came: `answered after ${milliseconds} ms: "${answer}"` };
    }
    case 'wrong':
      return { ok: false, came: `answered "${result.turn.answer}", which does not match ${result.expected}` };
    case 'no-agent':
      return { ok: false, came: result.full ? 'the agent is full' : 'no agent came into the room' };
    case 'silent':
      return { ok: false, came: 'the agent was there, and said nothing' };
    case 'no-speech':
      return { ok: false, came: result.because };
    case 'no-client':
      return {
        ok: false,
        missing: true,
        came: 'not tried: it needs a WebRTC client, npm install @livekit/rtc-node',
      };
    default:
      return result satisfies never;
  }
}

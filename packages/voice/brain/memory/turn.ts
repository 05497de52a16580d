/** One turn that is certain: what somebody said, and what was answered. */
export type Turn = {
  id: string;
  user: string;
  session: string;
  room: string;
  /** Counts the turns of a session, from 0. */
  index: number;
  /** 32 hexadecimal digits. */
  trace: string;
  said: string;
  answer: string;
  intent: string;
  tools: readonly string[];
  /** Which model has thought; undefined where skills did. */
  model: string | undefined;
  tokens: number | undefined;
  /** From the question to its answer. */
  brainMs: number;
  /** From the end of what was said to its text; undefined where the agent did not say. */
  hearingMs: number | undefined;
  /** As ISO 8601. */
  at: string;
};

/** A turn from before, as its user may hear of it. */
export type PastTurn = { said: string; answer: string; at: Date };

/** Who the agent of this stack is, in rows and events. */
export const agentId = 'arc-scarlett-voice';

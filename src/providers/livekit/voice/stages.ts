import type { Stage } from '../../voice.ts';

/** What arc's agent tells of a turn: milliseconds from the end of speech as its voice detector saw it. */
export type AgentTurn = {
  heard: string;
  said: string;
  textMs: number;
  turnEndMs: number;
  speakingMs: number;
  brainMs: number;
  voiceMs: number;
};

/** Silence that the agent waits for whatever it hears: `minDelayMs` of packages/voice/agent/config.ts. */
const waitedAnywayMs = 300;

/**
 * Divides the wait among its parts, each with what it adds. Text that is there before the turn is over adds nothing, and
 * neither does an answer that was prepared before. What the agent did not see is the way of the sound to it and back, with
 * the time that its voice detector needs to be sure of silence. Pure.
 *
 * @param options.milliseconds of the whole wait, measured outside
 * @returns parts that add up to the whole
 */
export function stagesOf(options: { milliseconds: number; agent: AgentTurn }): readonly Stage[] {
  const { milliseconds, agent } = options;
  const inside = between(0, agent.speakingMs, milliseconds);
  const turnEnd = between(0, agent.turnEndMs, inside);
  const hearing = between(0, agent.textMs - waitedAnywayMs, turnEnd);
  const afterwards = inside - turnEnd;
  const speaking = between(0, agent.voiceMs, afterwards);
  return [
    { name: 'transport', milliseconds: milliseconds - inside },
    { name: 'endpointing', milliseconds: turnEnd - hearing },
    { name: 'hearing', milliseconds: hearing },
    { name: 'thinking', milliseconds: afterwards - speaking },
    { name: 'speaking', milliseconds: speaking },
  ];
}

/** @returns the parts, or undefined where a text is none of an agent's */
export function readAgentTurn(text: string): AgentTurn | undefined {
  const told = JSON.parse(text) as Partial<AgentTurn>;
  const { heard, said, textMs, turnEndMs, speakingMs, brainMs, voiceMs } = told;
  return heard === undefined ||
    said === undefined ||
    textMs === undefined ||
    turnEndMs === undefined ||
    speakingMs === undefined ||
    brainMs === undefined ||
    voiceMs === undefined
    ? undefined
    : { heard, said, textMs, turnEndMs, speakingMs, brainMs, voiceMs };
}

function between(least: number, value: number, most: number): number {
  return Math.min(Math.max(value, least), most);
}

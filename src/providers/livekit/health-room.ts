import { randomUUID } from 'node:crypto';

const prefix = 'arc-health-';

/** The name of a room of its own for one deep check. */
export function healthRoom(): string {
  return `${prefix}${randomUUID()}`;
}

/** The name of a room of its own for one turn with an agent, which does not greet there. Agents stay away from others. */
export function voiceRoom(): string {
  return `${prefix}voice-${randomUUID()}`;
}

/** Whether a room is one that a deep check has made, and that the server closes when it was empty for a while. */
export function isHealthRoom(name: string): boolean {
  return name.startsWith(prefix);
}

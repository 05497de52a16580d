/** arc's own checks of media are rooms of this name; the checks of voices are not among them. */
const ofChecks = /^arc-health-(?!voice-)/;

/**
 * Whether a room wants an agent: arc's checks of media do not, and whoever makes a room can say `{"arc.agent":"none"}` in
 * its metadata.
 */
export function wantsAgent(room: { name: string; metadata: string }): boolean {
  return !ofChecks.test(room.name) && !/"arc\.agent"\s*:\s*"none"/.test(room.metadata);
}

/** Whether an agent says hello in a room: a check of voices asks at once. */
export function isGreeted(room: string): boolean {
  return !room.startsWith('arc-health-voice-');
}

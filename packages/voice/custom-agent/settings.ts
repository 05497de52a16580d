import { readFileSync } from 'node:fs';

/** What the manifest tells the program by its environment; keys come as files. */
export function readSettings() {
  return {
    livekit: {
      url: text('LIVEKIT_URL'),
      key: file('LIVEKIT_API_KEY_FILE'),
      secret: file('LIVEKIT_API_SECRET_FILE'),
    },
    speech: `${text('SPEECH_URL')}/v1`,
    brain: `${text('BRAIN_URL')}/v1`,
    /** What `arc agents dispatch --agent` names. */
    name: text('AGENT_NAME'),
    port: Number(text('AGENT_PORT')),
    /** How many conversations at once. */
    most: 2,
  };
}

function text(name: string): string {
  const value = process.env[name];
  if (value === undefined || value === '') throw new RangeError(`${name} is not set.`);
  return value;
}

function file(name: string): string {
  return readFileSync(text(name), 'utf8').trim();
}

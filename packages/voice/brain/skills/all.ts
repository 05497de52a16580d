import { greeting, thanks } from './courtesies.ts';
import { docs } from './docs.ts';
import { history, others } from './history.ts';
import { record, recordings, stopRecording } from './recording.ts';
import { type Reply, type Skill, say } from './skill.ts';
import { list } from './speech-text.ts';
import { health, rooms, streams, time } from './stack.ts';

/** Every skill; of two that fit, the first. */
export const skills: readonly Skill[] = [
  greeting,
  thanks,
  time,
  others,
  history,
  docs,
  stopRecording,
  record,
  recordings,
  streams,
  health,
  rooms,
];

/** What this brain can do, as a sentence. */
export function abilities(all: readonly Skill[]): string {
  const told = all.filter(({ doubt }) => doubt !== undefined).map(({ ability }) => ability);
  return `I can ${list(told)}.`;
}

/** Said where nothing fits. */
export const unknown: Reply = say('I cannot answer that. Ask me about health, rooms, streams or recordings.');

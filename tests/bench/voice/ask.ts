import { NothingHeard } from '../../../src/providers/livekit/voice/caller.ts';
import { isRight } from '../../../src/providers/livekit/voice/judge.ts';
import { plain } from '../../../src/providers/livekit/voice/speech.ts';
import { readAgentTurn, stagesOf } from '../../../src/providers/livekit/voice/stages.ts';
import type { Stage } from '../../../src/providers/voice.ts';
import type { Talk } from './room.ts';
import { type SpokenTurn, withPause } from './turns.ts';

/** What became of one turn. */
export type Outcome =
  | { kind: 'answered'; milliseconds: number; stages: readonly Stage[] | undefined }
  /** The agent spoke before the turn was over. */
  | { kind: 'cut' }
  /** Nobody answered, or something else than was asked for. */
  | { kind: 'missed'; heard: string; answer: string };

const answerMs = 15_000;
/** Somebody who was cut off waits until everything is said. */
const restMs = 2_500;

/** Says one turn and judges its answer. */
export async function askTurn(talk: Talk, turn: SpokenTurn): Promise<Outcome> {
  const { caller, speech } = talk;
  const spoken = await speech.speak(turn.text);
  const samples =
    turn.pause === undefined
      ? spoken
      : withPause({
          samples: spoken,
          share: turn.pause.afterText.length / turn.text.length,
          milliseconds: turn.pause.milliseconds,
        });
  const told = caller.messages.length;
  try {
    const answer = await caller.ask(samples, samples.length / 16 + answerMs);
    const records = caller.messages.slice(told).filter(({ topic }) => topic === 'arc.turn');
    if (answer.early > 0 || answer.afterMs < 0) {
      await rest(talk);
      return { kind: 'cut' };
    }
    const said = await speech.hear(answer.samples);
    const last = records.at(-1);
    const agent = last === undefined ? undefined : readAgentTurn(last.text);
    const right = isRight({ heard: said, said: agent && plain(agent.said), expected: turn.answer });
    if (!right) return { kind: 'missed', heard: agent?.heard ?? '', answer: said };
    const milliseconds = Math.round(answer.afterMs);
    return {
      kind: 'answered',
      milliseconds,
      stages: agent === undefined ? undefined : stagesOf({ milliseconds, agent }),
    };
  } catch (error) {
    if (!(error instanceof NothingHeard)) throw error;
    const heard = caller.messages.slice(told).map(({ text }) => text);
    return { kind: 'missed', heard: heard.join(' / '), answer: '' };
  }
}

async function rest({ caller }: Talk): Promise<void> {
  while (performance.now() - caller.lastHeardAt() < restMs) await new Promise((go) => setTimeout(go, 50));
}

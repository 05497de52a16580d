import { voiceReply } from '../../voice.ts';
import type { Aspect } from '../probe.ts';
import { readTurn } from './declared.ts';
import { voiceTurn } from './turn.ts';

/** One turn with an agent, as a check. */
export const voice: Aspect['run'] = async ({ server, fields, signal, way }) => {
  const { speech, question, expected } = readTurn(fields);
  if (way === undefined) throw new Error('a check of voices is asked with a way to other containers');
  await using reached = await way(speech);
  return voiceReply(await voiceTurn({ server, speech: reached, question, expected, signal }));
};

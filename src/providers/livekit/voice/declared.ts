import { type Fields, textField } from '../../../core/data.ts';
import type { VoiceTools } from '../../voice.ts';

/** The turn that a check with the aspect `voice` declares. Pure. */
export const declaredTurn: VoiceTools['declared'] = ({ probes }) => {
  const probe = probes.find(({ fields }) => fields.aspect === 'voice');
  return probe && { ...readTurn(probe.fields), needs: probe.needs, fields: probe.fields };
};

/** @param fields of a probe with the aspect `voice` */
export function readTurn(fields: Fields) {
  const speech = fields.speech as Fields;
  return {
    speech: { role: textField(speech, 'role'), port: textField(speech, 'port') },
    question: textField(fields, 'question'),
    expected: textField(fields, 'answer'),
  };
}

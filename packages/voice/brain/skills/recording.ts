import { type Skill, say } from './skill.ts';

const consentToRecord = 'Everybody here will be recorded. Shall I start?';

export const record: Skill = {
  name: 'record',
  ability: 'record this room',
  examples: ['record this room', 'start a recording', 'please begin recording'],
  doubt: 'Did you ask me to record this room?',
  acts: true,
  words: /\b(record (this|the|our)|start (a |the )?recording|begin recording)\b/u,
  answer: async (question, facts) => {
    if (question.room === '') return say('I do not know which room you are in, so I cannot record it.');
    if ((await facts.recordings(question.room)).length > 0)
      return say('This room is being recorded already.', 'recordings');
    return say(consentToRecord, 'recordings');
  },
  consent: {
    question: consentToRecord,
    agreed: async ({ room }, facts) => ({
      ...say('The recording starts. Tell me when to stop.'),
      perform: {
        tool: 'start_recording',
        consent: { given: true, to: 'room_recording' },
        run: async () => {
          await facts.startRecording(room);
        },
      },
    }),
  },
};

export const stopRecording: Skill = {
  name: 'stop-recording',
  ability: 'stop a recording',
  examples: ['stop the recording', 'end recording now'],
  doubt: 'Did you ask me to stop the recording?',
  acts: true,
  words: /\b(stop|end|finish) (the |this )?recording\b/u,
  answer: async ({ room }, facts) => {
    const running = await facts.recordings(room);
    if (running.length === 0) return say('Nothing is being recorded here.', 'recordings');
    const run = async () => {
      for (const { id } of running) await facts.stopRecording(id);
    };
    return {
      ...say('The recording stops.', 'recordings'),
      perform: { tool: 'stop_recording', run, consent: { given: false, to: 'room_recording' } },
    };
  },
};

export const recordings: Skill = {
  name: 'recordings',
  ability: 'say what is being recorded',
  examples: ['are we being recorded', 'is there a recording', 'which recordings are running'],
  doubt: 'Did you ask whether this room is being recorded?',
  words:
    /\b(being recorded|(is there|there is|there are|have) (a |any )?recordings?|(which|what|any) recordings?)\b/u,
  answer: async ({ room }, facts) => {
    const running = await facts.recordings(room);
    return say(
      running.length === 0 ? 'No, this room is not being recorded.' : 'Yes, this room is being recorded.',
      'recordings',
    );
  },
};

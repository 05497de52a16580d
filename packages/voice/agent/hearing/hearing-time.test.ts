import { expect, it } from 'vitest';
import { hearingTime } from './hearing-time.ts';

it('says how long the last utterance took to be written down, without the silence that was waited for', () => {
  const time = hearingTime();
  expect(time.in({ transcriptionDelay: 0.65 })).toEqual({ transcriptionDelay: 0.65 });
  time.heard(0.2);
  time.heard(0.21);
  expect(time.in({ transcriptionDelay: 0.65, endOfTurnDelay: 0.65 })).toEqual({
    transcriptionDelay: 0.21,
    endOfTurnDelay: 0.65,
  });
});

it('has nothing to say of what was typed', () => {
  const time = hearingTime();
  time.heard(0.2);
  expect(time.in({ llmNodeTtft: 0.1 })).toEqual({ llmNodeTtft: 0.1 });
});

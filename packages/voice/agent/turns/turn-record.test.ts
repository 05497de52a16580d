import { expect, it } from 'vitest';
import { turnRecord } from './turn-record.ts';

const trace = 'ab'.repeat(16);

it('tells in milliseconds how long each part of a turn took, and its trace', () => {
  const heard = { text: 'Who is here?', metrics: { transcriptionDelay: 0.21, endOfTurnDelay: 0.31 } };
  const metrics = { llmNodeTtft: 0.01, ttsNodeTtfb: 0.12, e2eLatency: 0.4 };
  const said = { text: 'One person.', metrics, interrupted: false };
  expect(turnRecord({ heard, said, stopMs: undefined, trace })).toEqual({
    heard: 'Who is here?',
    said: 'One person.',
    interrupted: false,
    textMs: 210,
    turnEndMs: 310,
    speakingMs: 400,
    brainMs: 10,
    voiceMs: 120,
    trace,
  });
});

it('has nothing to tell of a question that was typed', () => {
  const heard = { text: 'Who is here?', metrics: {} };
  const said = { text: 'One person.', metrics: { llmNodeTtft: 0.01 }, interrupted: false };
  expect(turnRecord({ heard, said, stopMs: undefined, trace })).toBeUndefined();
});

it('tells how long an answer went on that was interrupted', () => {
  const heard = { text: 'Who is here?', metrics: {} };
  const said = { text: 'One', metrics: { e2eLatency: 0.4 }, interrupted: true };
  expect(turnRecord({ heard, said, stopMs: 171.4, trace })).toMatchObject({ interrupted: true, stopMs: 171 });
});

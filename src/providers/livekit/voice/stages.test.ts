import { describe, expect, it } from 'vitest';
import { readAgentTurn, stagesOf } from './stages.ts';

const agent = {
  heard: 'Who is here?',
  said: 'Nobody.',
  textMs: 210,
  turnEndMs: 310,
  speakingMs: 430,
  brainMs: 20,
  voiceMs: 90,
};
const asRecord = (stages: ReturnType<typeof stagesOf>) =>
  Object.fromEntries(stages.map(({ name, milliseconds }) => [name, milliseconds]));

describe('the wait for an answer', () => {
  it('is divided among its parts, and text that was there in time adds nothing', () => {
    expect(asRecord(stagesOf({ milliseconds: 800, agent }))).toEqual({
      transport: 370,
      endpointing: 310,
      hearing: 0,
      thinking: 30,
      speaking: 90,
    });
  });

  it('is longer by text that came late', () => {
    const late = { ...agent, textMs: 700, turnEndMs: 710, speakingMs: 830 };
    expect(asRecord(stagesOf({ milliseconds: 1200, agent: late }))).toMatchObject({
      endpointing: 310,
      hearing: 400,
    });
  });

  it.each([100, 431, 5000])('adds up to %i ms, whatever the agent tells', (milliseconds) => {
    const stages = stagesOf({ milliseconds, agent });
    expect(stages.reduce((sum, stage) => sum + stage.milliseconds, 0)).toBe(milliseconds);
    expect(stages.every((stage) => stage.milliseconds >= 0)).toBe(true);
  });
});

it("reads arc's agents alone", () => {
  expect(readAgentTurn(JSON.stringify(agent))).toEqual(agent);
  expect(readAgentTurn('{"heard":"Hello"}')).toBeUndefined();
});

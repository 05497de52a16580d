import { beforeEach, describe, expect, it } from 'vitest';
import type { Span } from '../../../spans/span.ts';
import { spansInto } from '../../../spans/spans.ts';
import { type TurnTraces, turnTraces } from './turn-traces.ts';

let sent: Span[];
let turns: TurnTraces;
let clock: number;
beforeEach(() => {
  sent = [];
  clock = 100_000;
  const spans = spansInto((span) => void sent.push(span));
  turns = turnTraces({ spans, attributes: { 'arc.room': 'demo' }, now: () => clock });
});

/** What somebody said from second 100 to `stoppedSpeakingAt`. */
const heard = (stoppedSpeakingAt: number) => ({
  text: 'Who is here?',
  metrics: { startedSpeakingAt: 100, stoppedSpeakingAt, endOfTurnDelay: 0.3 },
});
const answer = (to: number, e2eLatency: number) => ({
  ...{ llmNodeTtft: 0.01, e2eLatency, startedSpeakingAt: to + e2eLatency, stoppedSpeakingAt: to + 4 },
});
const said = () =>
  sent.map(({ name, attributes }) => `${name} ${attributes['arc.turn.outcome'] ?? ''}`.trim());
const milliseconds = ({ start, end }: Span) => [Number(start / 1_000_000n), Number(end / 1_000_000n)];
/** Somebody says something, and it is certain. @returns the trace */
const certain = (stoppedSpeakingAt: number): string => {
  turns.speechBegan();
  const { traceId } = turns.asking();
  turns.utteranceEnded(true);
  turns.certain(heard(stoppedSpeakingAt));
  return traceId;
};

describe('a turn', () => {
  it('is one trace from the first sound to the last one, with its stages', () => {
    turns.speechBegan();
    const whole = turns.hearing();
    expect(turns.asking()).toBe(whole);
    expect(turns.speaking()).toMatchObject({ ...whole, question: 1 });
    turns.utteranceEnded(true);
    turns.certain(heard(102));
    expect(turns.hearing()).toBeUndefined();
    expect(turns.asking()).toBe(whole);
    expect(turns.speaking()).toMatchObject({ ...whole, question: 2 });
    expect(turns.answered(answer(102, 0.8))).toMatchObject({
      ...{ part: { ...whole, question: 2 }, heard: heard(102) },
    });
    expect(said()).toEqual(['agent.endpointing', 'agent.first_audio', 'agent.turn answered']);
    expect(sent.map(milliseconds)).toEqual([
      [102_000, 102_300],
      [102_000, 102_800],
      [100_000, 106_000],
    ]);
    const [endpointing, audio, turn] = sent;
    for (const one of [endpointing, audio])
      expect(one).toMatchObject({ traceId: whole?.traceId, parentId: whole?.spanId });
    expect(turn).toMatchObject({ ...whole, attributes: { 'arc.room': 'demo' } });
    expect(turn).not.toHaveProperty('parentId');
  });

  it('goes on after a pause, and over sounds in it that have no words', () => {
    turns.speechBegan();
    const first = turns.hearing();
    turns.utteranceEnded(true);
    turns.speechBegan();
    turns.utteranceEnded(false);
    expect(turns.hearing()).toEqual(first);
    expect(sent).toEqual([]);
  });

  it('is over where nobody has said anything', () => {
    turns.speechBegan();
    turns.utteranceEnded(false);
    expect(said()).toEqual(['agent.turn nothing-said']);
    expect(turns.speaking()).toBeUndefined();
  });

  it('that was typed has no wait', () => {
    const { traceId } = turns.asking();
    turns.certain({ text: 'Who is here?', metrics: {} });
    expect(
      turns.answered({ llmNodeTtft: 0.01, startedSpeakingAt: 103, stoppedSpeakingAt: 104 }),
    ).toMatchObject({
      part: { traceId },
    });
    expect(said()).toEqual(['agent.turn answered']);
  });

  it('ends with what failed where there is no answer', () => {
    certain(102);
    turns.lost(new Error('the brain is away'));
    expect(sent.at(-1)).toMatchObject({ name: 'agent.turn', error: 'the brain is away' });
    expect(turns.answered(answer(102, 0.8))).toBeUndefined();
  });
});

describe('a question without an answer', () => {
  it('ends its own turn, and not the one before, whose answer is still spoken', () => {
    const first = certain(102);
    const second = certain(105);
    turns.lost(new Error('the brain is away'));
    expect(sent.at(-1)).toMatchObject({ traceId: second, error: 'the brain is away' });
    expect(turns.answered(answer(102, 0.8))?.part.traceId).toBe(first);
    expect(sent.at(-1)).toMatchObject({ attributes: { 'arc.turn.outcome': 'answered' } });
  });

  it('that was asked too early ends no turn that is certain, and is why its own gets none', () => {
    const first = certain(102);
    turns.speechBegan();
    const { traceId } = turns.asking();
    turns.utteranceEnded(true);
    turns.lost(new Error('the brain is away'));
    expect(turns.answered(answer(102, 0.8))?.part.traceId).toBe(first);
    turns.certain(heard(105));
    turns.close();
    expect(sent.at(-1)).toMatchObject({ traceId, error: 'the brain is away' });
  });

  it('is forgotten once its turn is asked again', () => {
    turns.speechBegan();
    turns.asking();
    turns.lost(new Error('the brain is away'));
    turns.asking();
    turns.utteranceEnded(true);
    turns.certain(heard(102));
    turns.close();
    expect(sent.at(-1)).toMatchObject({ attributes: { 'arc.turn.outcome': 'unanswered' } });
    expect(sent.at(-1)).not.toHaveProperty('error');
  });
});

it('ends what is open when the session does', () => {
  certain(102);
  turns.speechBegan();
  turns.close();
  turns.close();
  expect(said()).toEqual(['agent.endpointing', 'agent.turn unanswered', 'agent.turn nothing-said']);
});

describe('an answer', () => {
  it('that is interrupted belongs to its own turn, also after the next one is certain', () => {
    const first = certain(102);
    const second = certain(105);
    expect(second).not.toBe(first);
    expect(turns.answered(answer(102, 0.8))?.part.traceId).toBe(first);
    expect(turns.answered(answer(105, 0.7))?.part.traceId).toBe(second);
    expect(said().filter((one) => one.startsWith('agent.turn'))).toEqual([
      'agent.turn answered',
      'agent.turn answered',
    ]);
  });

  it('goes on in its turn while somebody speaks over it', () => {
    const first = certain(102);
    turns.speechBegan();
    expect(turns.speaking()?.traceId).toBe(first);
    expect(turns.hearing()?.traceId).not.toBe(first);
  });

  it('to a later turn says that the earlier one gets none', () => {
    certain(102);
    certain(105);
    turns.answered(answer(105, 0.7));
    expect(said().filter((one) => one.startsWith('agent.turn'))).toEqual([
      'agent.turn unanswered',
      'agent.turn answered',
    ]);
  });

  it('is none where the agent speaks of itself', () => {
    certain(102);
    expect(turns.answered({ startedSpeakingAt: 102.8, stoppedSpeakingAt: 104 })).toBeUndefined();
    expect(said()).toEqual(['agent.endpointing']);
  });
});

it('keeps few turns that nobody answers', () => {
  for (let second = 0; second < 20; second += 1) certain(102 + second);
  expect(said().filter((one) => one === 'agent.turn unanswered')).toHaveLength(12);
});

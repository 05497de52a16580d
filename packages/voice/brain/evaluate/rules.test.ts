import { expect, it } from 'vitest';
import type { Turn } from '../memory/turn.ts';
import { scoreOfWords, scoresByRules } from './rules.ts';

const turn = (said: string, intent: string): Turn => ({
  ...{ id: said, user: 'ada', session: 's', room: 'demo', index: 0, trace: '', said, answer: 'a', intent },
  ...{ tools: [], model: undefined, tokens: undefined, brainMs: 1, hearingMs: undefined, at: '' },
});
const turns = [
  turn('which rooms are open', 'rooms'),
  turn('who won', 'unknown'),
  turn('list the route', 'unsure'),
  turn('list the route', 'rooms'),
];
const valuesOf = (scores: readonly { name: string; value: number }[]) =>
  Object.fromEntries(scores.map(({ name, value }) => [name, value]));

it('scores what was answered, understood and said again', () => {
  expect(valuesOf(scoresByRules({ turns, session: undefined }))).toEqual({
    answered: 0.75,
    understood: 0.75,
    'right-skill': 0.75,
  });
});

it('scores latency and interruptions where the agent has said them', () => {
  const session = {
    ...{ id: 's', user: 'ada', room: 'demo', startedAt: '', endedAt: '', turns: 4, targetMs: 1000 },
    ...{ latencies: [800, 900, 1500, 2000], interruptions: 1, failures: 0 },
  };
  expect(valuesOf(scoresByRules({ turns, session }))).toMatchObject({ latency: 0.5, undisturbed: 0.75 });
});

it('counts words that were heard wrongly', () => {
  expect(scoreOfWords({ turns, expected: ['Which rooms are open?', 'Who won?'] })).toMatchObject({
    value: 1,
    reason: '0 of 6 words were wrong',
  });
  expect(scoreOfWords({ turns: turns.slice(2), expected: ['List the rooms.'] }).value).toBeCloseTo(2 / 3);
});

import { expect, it } from 'vitest';
import { type Sentence, spokenSentences } from './sentence.ts';

const turn = (digit: string, question = 1) => ({
  ...{ traceId: digit.repeat(32), spanId: digit.repeat(16), question },
});
const sentence = (text: string, part: Sentence['part']): Sentence => ({
  ...{ part, text, at: new Date(0), firstSoundMs: 100, tookMs: 200, soundMs: 900 },
});

it('has the sentences of an answer once it is over, without what was prepared before and of other turns', () => {
  const { add, take } = spokenSentences();
  add(sentence('Hello.', undefined));
  add(sentence('Too early.', turn('1')));
  add(sentence('One room.', turn('1', 2)));
  add(sentence('Another turn.', turn('3')));
  add(sentence('One person.', turn('1', 2)));
  const texts = (part: ReturnType<typeof turn>) => take(part).map(({ text }) => text);
  expect(texts(turn('1', 2))).toEqual(['One room.', 'One person.']);
  expect(texts(turn('1', 2))).toEqual([]);
  expect(texts(turn('3'))).toEqual(['Another turn.']);
});

it('keeps few of answers that never end', () => {
  const { add, take } = spokenSentences();
  for (let count = 0; count < 150; count += 1) add(sentence(`${count}`, turn('1')));
  expect(take(turn('1'))).toHaveLength(100);
});

import { expect, it } from 'vitest';
import { heardAs } from './misheard.ts';
import { skills } from './skills/all.ts';

const heard = (plain: string) => {
  const found = heardAs({ plain, skills });
  return found === undefined ? undefined : `${found.skill.name}, ${found.certainty}`;
};

it.each([
  ['do we have any runes', 'rooms, likely', 'it sounds the same'],
  ['how many brims are open', 'rooms, likely', 'another word of the skill stands beside it'],
  ['did you have any dreams', 'streams, unsure', 'nothing stands beside it'],
  ['do we have any rims', 'rooms, unsure', 'the vowel is another one'],
  ['which dreams are life', 'streams, unsure', 'two words are replaced'],
  ['what are runes', 'rooms, unsure', 'it asks for what a word means'],
])('"%s" is %s: %s', (plain, expected) => {
  expect(heard(plain)).toBe(expected);
});

it.each([
  ['how is the stock market', 'a word is left that sounds like none'],
  ['who is in the town', 'a short word with another vowel'],
  ['which screens show your brims in dreams', 'too many words'],
  ['which rooms are open', 'nothing is wrong'],
  ['tell me something', 'nothing but small words'],
])('"%s" is nothing: %s', (plain) => {
  expect(heard(plain)).toBeUndefined();
});

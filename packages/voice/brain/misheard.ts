import type { Skill } from './skills/skill.ts';
import { smallWords } from './small-words.ts';
import { likenessOfSounds, soundOfWord } from './sound.ts';
import type { Meaning } from './understand.ts';

/** A word that a skill reacts to. */
type KeyWord = { word: string; sound: string };

/** A text in which words that no skill knows are replaced by the key words that they sound like. */
type Reading = { text: string; replaced: readonly string[]; likeness: number };

/**
 * How alike in sound a word has to be to be read as a key word: one sign of five may differ. Source: the cases of
 * scripts/measure/mishearings.ts, which tests/unit/mishearings.test.ts holds to it.
 */
const alike = 0.8;

/** Sounds that are shorter are like too many others. */
const shortest = 3;

/** Of more wrong words nothing is known; and only so many readings of each are tried. */
const mostWrong = 2;
const mostReadings = 4;

/**
 * Says what a text means in which one or two words were heard wrongly: "do we have any runes", "how many brims are open".
 * Each word that no skill knows has to sound like a key word; a text in which another one is left is about something else.
 *
 * @param options.plain without marks and capitals
 * @returns `likely` where one word alone was replaced, and either sounds the same or stands beside other words of the
 *   skill; `unsure` otherwise; undefined where no rule of a skill fits any reading
 */
export function heardAs(options: { plain: string; skills: readonly Skill[] }): Meaning | undefined {
  const { plain, skills } = options;
  const known = skills.filter(({ doubt, examples }) => doubt !== undefined && examples.length > 0);
  const keyWords = new Map(known.map((skill) => [skill, keyWordsOf(skill)]));
  for (const reading of readingsOf(plain, [...new Set([...keyWords.values()].flat())])) {
    const skill = skills.find(({ words }) => words?.test(reading.text));
    if (skill?.doubt === undefined) continue;
    const own = (keyWords.get(skill) ?? []).map(({ word }) => word);
    return { skill, certainty: isSure({ plain, reading, own }) ? 'likely' : 'unsure' };
  }
  return undefined;
}

/** The words of a skill's rule and examples, apart from those that every question may have. */
function keyWordsOf({ words, examples }: Skill): readonly KeyWord[] {
  // What must not follow is nothing that the skill reacts to; `rooms?` stands for two words.
  const rule = (words?.source ?? '').replaceAll(/\(\?!.*?\)|\\./gu, ' ');
  const ofRule = [...rule.matchAll(/(?<stem>[a-z]+?)(?<last>[a-z]\?)?(?![a-z?])/gu)].flatMap(({ groups }) => {
    const { stem = '', last } = groups ?? {};
    return last === undefined ? [stem] : [stem, `${stem}${last.slice(0, 1)}`];
  });
  const all = new Set([...ofRule, ...examples.flatMap((text) => text.split(' '))]);
  return [...all]
    .filter((word) => !smallWords.has(word))
    .map((word) => ({ word, sound: soundOfWord(word) }))
    .filter(({ sound }) => sound.length >= shortest);
}

/** The likeliest readings first; none where nothing is wrong, or too much. */
function readingsOf(plain: string, keyWords: readonly KeyWord[]): readonly Reading[] {
  const names = new Set(keyWords.map(({ word }) => word));
  const words = plain.split(' ');
  const wrong = words.filter((word) => !smallWords.has(word) && !names.has(word));
  if (wrong.length === 0 || wrong.length > mostWrong) return [];
  let readings: readonly Reading[] = [{ text: '', replaced: [], likeness: 1 }];
  for (const word of words) {
    const choices = wrong.includes(word) ? soundingLike(word, keyWords) : [{ word, likeness: 1 }];
    readings = readings.flatMap(({ text, replaced, likeness }) =>
      choices.map((choice) => ({
        text: `${text} ${choice.word}`.trim(),
        replaced: choice.word === word ? replaced : [...replaced, choice.word],
        likeness: Math.min(likeness, choice.likeness),
      })),
    );
  }
  return readings.toSorted((one, other) => other.likeness - one.likeness);
}

function soundingLike(
  word: string,
  keyWords: readonly KeyWord[],
): readonly { word: string; likeness: number }[] {
  const sound = soundOfWord(word);
  if (sound.length < shortest) return [];
  const found = new Map(keyWords.map((key) => [key.word, likenessOfSounds(sound, key.sound)]));
  return [...found]
    .map(([key, likeness]) => ({ word: key, likeness }))
    .filter(
      ({ word: key, likeness }) => likeness >= alike && (!isVague(key) || vowelOf(key) === vowelOf(word)),
    )
    .toSorted((one, other) => other.likeness - one.likeness)
    .slice(0, mostReadings);
}

function isSure(options: { plain: string; reading: Reading; own: readonly string[] }): boolean {
  const { plain, reading, own } = options;
  const [replaced, ...more] = reading.replaced;
  if (replaced === undefined || more.length > 0) return false;
  const words = reading.text.split(' ');
  const isSupported = words.some((word) => word !== replaced && own.includes(word));
  if (isSupported) return true;
  // "What are runes?" asks for what a word means.
  if (/^what (is|are) (an? )?\S+$/u.test(plain)) return false;
  const said = plain.split(' ').find((word, index) => word !== words[index]) ?? '';
  return reading.likeness === 1 && vowelOf(said) === vowelOf(replaced);
}

/** Two consonants are in too many words: then the vowel has to be the same, too ("run" is like "room", "town" not like "time"). */
function isVague(word: string): boolean {
  return soundOfWord(word).replaceAll('a', '').length < 3;
}

/** The first vowel of a word, roughly: "rooms" and "ruins" have the same, "rims" has another one. */
function vowelOf(word: string): string {
  const [letter = ''] = /[aeiouy]/u.exec(word) ?? [];
  if ('ou'.includes(letter)) return 'u';
  return letter === 'a' ? 'a' : 'i';
}

/**
 * Letters that hearing confuses, as one: each rule takes what sounds alike to one sign. Vowels hardly count, because a
 * word that was heard wrongly keeps its consonants ("dreams" for "streams").
 */
const alike: readonly (readonly [RegExp, string])[] = [
  [/wh/gu, 'w'],
  [/tch|ch|sh|j/gu, 'S'],
  [/ph/gu, 'f'],
  [/th|d/gu, 't'],
  [/ck|qu|[cqxg]/gu, 'k'],
  [/z/gu, 's'],
  [/b/gu, 'p'],
  [/v/gu, 'f'],
  [/m/gu, 'n'],
  [/[aeiouyhw]+/gu, 'a'],
  [/[^\p{L}\p{N}]/gu, ''],
  [/(.)\1+/gu, '$1'],
];

/** How a text sounds, roughly: texts that are taken for each other have nearly the same. */
export function soundOf(text: string): string {
  return alike.reduce((sound, [letters, sign]) => sound.replaceAll(letters, sign), text.toLowerCase());
}

/** How one word sounds: as in a text, without an "e" that nobody speaks ("runes"). */
export function soundOfWord(word: string): string {
  return soundOf(word.replace(/(?<=[aeiouy][^aeiouy'])e(?=s?$)/u, ''));
}

/** How alike two sounds are: 1 for the same, 0 for nothing in common. Source: Levenshtein's distance. */
export function likenessOfSounds(one: string, other: string): number {
  const longer = Math.max(one.length, other.length);
  return longer === 0 ? 0 : 1 - distance(one, other) / longer;
}

function distance(one: string, other: string): number {
  let above = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (const [row, letter] of [...one].entries()) {
    const line = [row + 1];
    for (const [column, its] of [...other].entries()) {
      const changed = (above[column] ?? 0) + (letter === its ? 0 : 1);
      line.push(Math.min(changed, (line[column] ?? 0) + 1, (above[column + 1] ?? 0) + 1));
    }
    above = line;
  }
  return above[other.length] ?? 0;
}

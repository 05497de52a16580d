/** Ears of this size get every sixth word of a synthetic voice wrong at worst; more says that something else was said. */
const tolerated = 1 / 3;

/**
 * Whether an answer is right. Ears that hear "one run is open" for "one room is open" are not the agent's fault, so where
 * the agent tells what it said, that has to be right, and what was heard has to be that, but for a few words. Pure.
 *
 * @param options.heard what the ears made of the answer, in small letters and without marks
 * @param options.said what the agent says it said, in the same form
 * @param options.expected a regular expression without regard to case
 */
export function isRight(options: { heard: string; said: string | undefined; expected: RegExp }): boolean {
  const { heard, said, expected } = options;
  if (expected.test(heard)) return true;
  if (said === undefined || !expected.test(said)) return false;
  const words = said.split(' ');
  return wordErrors(words, heard.split(' ').filter(Boolean)) <= words.length * tolerated;
}

/** How many words have to be changed, left out or put in, of those of `said`. Pure. */
export function wordErrors(said: readonly string[], heard: readonly string[]): number {
  let row = [0, ...heard.map((_, index) => index + 1)];
  for (const [index, word] of said.entries()) {
    const next = [index + 1];
    for (const [other, theirs] of heard.entries())
      next.push(
        Math.min(
          (row[other] ?? 0) + (word === theirs ? 0 : 1),
          (row[other + 1] ?? 0) + 1,
          (next[other] ?? 0) + 1,
        ),
      );
    row = next;
  }
  return row.at(-1) ?? 0;
}

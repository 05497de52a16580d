/** Marks that a Piper voice has sounds, or rather pauses, for. */
const mark = /([,.;:!?]+)(?=\s|$)/u;

/** A piece of a text between two marks, and the first of the marks after it. */
export type Clause = { text: string; mark: string };

/**
 * A text in clauses, because the phonemizer drops the marks, and a voice needs them. A mark inside of a word, as in
 * "14:05", is part of it.
 */
export function clausesOf(text: string): readonly Clause[] {
  const parts = text.split(mark);
  const clauses: Clause[] = [];
  for (let index = 0; index < parts.length; index += 2) {
    const words = (parts[index] ?? '').trim();
    if (words === '') continue;
    clauses.push({ text: words, mark: (parts[index + 1] ?? '').slice(0, 1) });
  }
  return clauses;
}

/**
 * A text in sentences. A sentence is decoded as one, so its melody is one.
 *
 * @returns each with the marks at its end
 */
export function sentencesOf(text: string): readonly string[] {
  return text
    .split(/(?<=[.!?])\s+|\n+/u)
    .map((sentence) => sentence.trim())
    .filter((sentence) => sentence !== '');
}

/**
 * What a voice takes for a sentence. Source of the order (start, each phoneme followed by a pad, end): piper1-gpl,
 * `phoneme_ids.py`.
 *
 * @param options.map ids by phoneme, as the voice's JSON has them
 * @param options.phonemes with marks between the clauses
 */
export function phonemeIds(options: {
  phonemes: string;
  map: Readonly<Record<string, readonly number[]>>;
}): readonly number[] {
  const { phonemes, map } = options;
  const pad = map._ ?? [];
  const ids = [...(map['^'] ?? []), ...pad];
  // Some phonemes are a letter and a combining mark, which the voice knows as two.
  for (const letter of phonemes.normalize('NFD')) {
    const known = map[letter];
    if (known !== undefined) ids.push(...known, ...pad);
  }
  return [...ids, ...(map.$ ?? [])];
}

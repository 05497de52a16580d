import { heardAs } from './misheard.ts';
import type { Skill } from './skills/skill.ts';
import { likenessOfSounds, soundOf } from './sound.ts';

/** Turns texts into vectors of length 1, one each. @throws Error where the embedder is away */
export type Embed = (texts: readonly string[], signal: AbortSignal) => Promise<readonly Float32Array[]>;

/**
 * What a text means, and how sure that is. `words`: its words leave no doubt, so it may also act. `likely`: enough for
 * an answer. `unsure`: worth asking back.
 */
export type Meaning = { skill: Skill; certainty: 'words' | 'likely' | 'unsure' };

/**
 * The mean of the likeness in sound and in meaning from which on a text is taken for a skill's, and from which on it is
 * worth asking back. Source: `node scripts/measure/mishearings.ts`, whose texts tests/unit/mishearings.test.ts holds to it.
 */
const likely = 0.68;
const possible = 0.45;

/** The same where the embedder is away, and the sound alone counts. */
const likelyBySound = 0.8;
const possibleBySound = 0.7;

/** How alike a text and a skill's examples are in meaning, from 0 to 1; undefined where nobody can say. */
export type Likeness = (skill: Skill) => number | undefined;

/** A text without marks and capitals. */
export function plainOf(text: string): string {
  const letters = text.toLowerCase().replaceAll(/[^\p{L}\p{N}\s']/gu, ' ');
  return letters.replaceAll(/\s+/gu, ' ').trim();
}

/**
 * Says what was asked for: by its words, by words that sound like them, or else by the examples that are most like it, in
 * sound and in meaning. So speech that was heard wrongly is understood ("which dreams are live").
 */
export function understander(options: { skills: readonly Skill[]; embed: Embed }): {
  /** @returns undefined where nothing fits */
  understand(text: string, signal: AbortSignal): Promise<Meaning | undefined>;
} {
  const { skills, embed } = options;
  const examples = skills.flatMap((skill) => skill.examples.map((text) => ({ skill, text })));
  let known: Promise<readonly Float32Array[]> | undefined;

  async function likenessTo(plain: string, signal: AbortSignal): Promise<Likeness> {
    const texts = examples.map((example) => example.text);
    known ??= embed(texts, signal);
    try {
      const [[asked], vectors] = await Promise.all([embed([plain], signal), known]);
      if (asked === undefined) return () => undefined;
      const likenesses = vectors.map((vector) => product(vector, asked));
      return (skill) => best(likenesses.filter((_, index) => examples[index]?.skill === skill));
    } catch {
      // An embedder that was away is asked again the next time.
      known = undefined;
      return () => undefined;
    }
  }

  return {
    understand: async (text, signal) => {
      const plain = plainOf(text);
      return await meaningOf({ plain, skills, likeness: async () => await likenessTo(plain, signal) });
    },
  };
}

/**
 * What a text means: by its words, or by what they sound like, or by what the whole is like.
 *
 * @param options.likeness asked only where the words leave it open
 */
export async function meaningOf(options: {
  plain: string;
  skills: readonly Skill[];
  likeness: () => Promise<Likeness>;
}): Promise<Meaning | undefined> {
  const { plain, skills, likeness } = options;
  const byWords = skills.find(({ words }) => words?.test(plain));
  if (byWords !== undefined) return { skill: byWords, certainty: 'words' };
  const heard = heardAs({ plain, skills });
  if (heard?.certainty === 'likely') return heard;
  const found = nearest({ plain, skills, likeness: await likeness() });
  return found?.certainty === 'likely' ? found : (heard ?? found);
}

/** The skill whose examples are most like a text. Courtesies are short, and sound like anything: their meaning counts. */
function nearest(options: {
  plain: string;
  skills: readonly Skill[];
  likeness: Likeness;
}): Meaning | undefined {
  const { plain, skills, likeness } = options;
  const sound = soundOf(plain);
  const found = skills.map((skill) => {
    const meant = likeness(skill);
    if (skill.doubt === undefined) return { skill, value: meant ?? 0, bounds: [likely, likely] as const };
    const heard = best(skill.examples.map((example) => likenessOfSounds(sound, soundOf(example))));
    if (meant === undefined)
      return { skill, value: heard, bounds: [likelyBySound, possibleBySound] as const };
    return { skill, value: (meant + heard) / 2, bounds: [likely, possible] as const };
  });
  const first = found.toSorted((one, other) => other.value - one.value)[0];
  if (first === undefined || first.value < first.bounds[1]) return undefined;
  return { skill: first.skill, certainty: first.value >= first.bounds[0] ? 'likely' : 'unsure' };
}

function best(values: readonly number[]): number {
  return Math.max(0, ...values);
}

function product(one: Float32Array, other: Float32Array): number {
  return one.reduce((sum, value, index) => sum + value * (other[index] ?? 0), 0);
}

import { expect, it } from 'vitest';
import { skills } from './skills/all.ts';
import { type Embed, understander } from './understand.ts';

/** Alike are texts that share letters of this alphabet: enough to tell which example is nearest. */
const letters: Embed = async (texts) =>
  texts.map((text) => {
    const counts = Float32Array.from('abcdefghijklmnopqrstuvwxyz', (letter) => text.split(letter).length - 1);
    const length = Math.hypot(...counts);
    return counts.map((count) => count / (length || 1));
  });

it('finds the example that is most like a question, where its words do not tell', async () => {
  const { understand } = understander({ skills, embed: letters });
  const meaning = await understand('iz de stak helfy', AbortSignal.timeout(1000));
  expect(meaning?.skill.name).toBe('health');
});

it('goes by the sound alone while the embedder is away, and asks it again the next time', async () => {
  let away = true;
  const embed: Embed = async (texts, signal) => {
    if (away) throw new Error('away');
    return await letters(texts, signal);
  };
  const { understand } = understander({ skills, embed });
  const heard = async (text: string) => await understand(text, AbortSignal.timeout(1000));
  expect(await heard('which dreams are live')).toMatchObject({ skill: { name: 'streams' } });
  expect(await heard('who won the match')).toBeUndefined();
  away = false;
  expect((await heard('iz de stak helfy'))?.skill.name).toBe('health');
});

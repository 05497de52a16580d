import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { skills } from '../../packages/voice/brain/skills/all.ts';
import { meaningOf } from '../../packages/voice/brain/understand.ts';

/** What `node scripts/measure/mishearings.ts --write` has heard, and how like each skill's examples it is in meaning. */
type Row = { meant: string; heard: string; likeness: Readonly<Record<string, number>> };

const rows = JSON.parse(readFileSync(new URL('mishearings.json', import.meta.url), 'utf8')) as Row[];
/** Courtesies are short: what was made of them means nothing any more, and nobody waits for an answer to it. */
const courtesies = ['greeting', 'thanks'];
const known = rows.filter(({ meant }) => !['unknown', 'alike', ...courtesies].includes(meant));
const unknown = rows.filter(({ meant }) => meant === 'unknown');
/** About something else, in words that sound like those of the skills: "Did you have any dreams?" */
const alike = rows.filter(({ meant }) => meant === 'alike');

/** As the brain does it. */
async function understood({ heard, likeness }: Row) {
  return await meaningOf({ plain: heard, skills, likeness: async () => (skill) => likeness[skill.name] });
}

async function shareOf(all: readonly Row[], holds: (row: Row) => Promise<boolean>): Promise<number> {
  const held = await Promise.all(all.map(holds));
  return held.filter(Boolean).length / all.length;
}

/** The documentation says itself where it has nothing about a question: scripts/measure/docs-search.ts measures that. */
async function isAnswered(row: Row): Promise<boolean> {
  const meaning = await understood(row);
  return meaning !== undefined && meaning.certainty !== 'unsure' && meaning.skill.name !== 'docs';
}

describe('what was heard wrongly', () => {
  it('is answered or asked back rather than refused', async () => {
    const share = await shareOf(known, async (row) => (await understood(row))?.skill.name === row.meant);
    expect(share).toBeGreaterThan(0.75);
  });

  it.each([
    ['do we have any runes', 'rooms'],
    ['i would like to know how many brims are open', 'rooms'],
    ['which dreams are live', 'streams'],
    ['is the stock healthy', 'health'],
  ])('is answered where one word sounds like the right one: "%s"', async (heard, name) => {
    const row = known.find((one) => one.heard === heard) ?? expect.unreachable();
    expect(await understood(row)).toMatchObject({ skill: { name } });
    expect(await isAnswered(row)).toBe(true);
  });

  it.each(['report this room', 'start a recoding', 'stop the reporting'])(
    'changes nothing by its sound alone: "%s"',
    async (heard) => {
      const row = known.find((one) => one.heard === heard) ?? expect.unreachable();
      const meaning = await understood(row);
      expect(meaning).toMatchObject({ skill: { acts: true } });
      expect(meaning?.certainty).not.toBe('words');
    },
  );

  it('is hardly ever answered as something else', async () => {
    const share = await shareOf(known, async (row) => {
      const meaning = await understood(row);
      return meaning !== undefined && meaning.certainty !== 'unsure' && meaning.skill.name !== row.meant;
    });
    expect(share).toBeLessThan(0.05);
  });

  it('never acts where its words do not say so', async () => {
    for (const row of rows) {
      const meaning = await understood(row);
      if (meaning?.certainty === 'words' && meaning.skill.acts) expect(row.meant).toBe(meaning.skill.name);
    }
  });
});

describe('what no skill answers', () => {
  it('is never answered, and seldom asked back', async () => {
    expect(await shareOf(unknown, isAnswered)).toBe(0);
    const back = await shareOf(unknown, async (row) => (await understood(row))?.certainty === 'unsure');
    expect(back).toBeLessThan(0.15);
  });

  it('is asked back at most, where it sounds like something that one answers', async () => {
    expect(await shareOf(alike, isAnswered)).toBe(0);
  });
});

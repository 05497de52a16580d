import { expect, test } from 'vitest';
import type { Decider } from '../core/driver.ts';
import type { Address, Seen } from '../core/resource.ts';
import { leftoversIn } from './leftovers.ts';

/** A box goes when all that is in it goes; a thing in a box holds so many marbles. */
const deciders = new Map<string, Decider>([
  [
    'box',
    {
      kind: 'box',
      steps: () => [],
      decide: ({ seen, decided }) =>
        ((seen?.state ?? []) as Address[]).every((thing) => decided(thing)?.kind === 'delete')
          ? { kind: 'delete', cause: 'empty', event: '' }
          : { kind: 'keep' },
    },
  ],
  [
    'thing',
    {
      kind: 'thing',
      steps: () => [],
      decide: ({ seen }) => {
        const marbles = seen?.state as number;
        const loses = marbles > 0 ? [{ kind: 'data' as const, text: `${marbles} marbles` }] : [];
        return { kind: 'delete', cause: 'unwanted', event: '', loses };
      },
    },
  ],
]);

const seenAs = (entries: readonly (readonly [Address, unknown])[]): ReadonlyMap<Address, Seen> =>
  new Map(entries.map(([address, state]) => [address, { state, needs: [] }]));

const seen = seenAs([
  ['box/a', ['thing/empty']],
  ['box/b', ['thing/empty', 'thing/full']],
  ['box/c', ['thing/theirs']],
  ['thing/empty', 0],
  ['thing/full', 3],
]);

const leftovers = (lose: readonly string[] = [], declared: readonly Address[] = []) =>
  leftoversIn({ seen, declared: new Set(declared), deciders, lose }).map(
    ({ address, lost, goes }) => `${address} ${goes ? 'goes' : `stays for ${lost}`}`,
  );

test('what loses something stays, and so does what it is in', () => {
  expect(leftovers()).toEqual(['thing/full stays for 3 marbles', 'thing/empty goes', 'box/a goes']);
});

test('what a person agrees to lose goes, and what it was in goes after it', () => {
  expect(leftovers(['thing/full'])).toEqual([
    'thing/full goes',
    'thing/empty goes',
    'box/b goes',
    'box/a goes',
  ]);
});

test('what is declared is no leftover, and what holds it stays', () => {
  expect(leftovers([], ['thing/empty', 'box/b', 'box/c'])).toEqual(['thing/full stays for 3 marbles']);
});

import { describe, expect, test } from 'vitest';
import { testContainer, testStack } from '../../tests/fixtures/stacks.ts';
import type { ObservedContainer, Snapshot } from '../platform/docker/snapshot.ts';
import type { Stack } from '../stack/model.ts';
import { leftOutOf } from './left-out.ts';

const film = { ...testContainer({ role: 'film' }), service: 'cinema' };
const cinema = { ...testContainer({ role: 'cinema' }), service: 'cinema' };
const stack: Stack = {
  ...testStack({ containers: [cinema] }),
  containers: [cinema, { ...film, absence: { name: 'none', without: 'films are not kept' } }],
};

function snapshot(...made: readonly { role: string; booted: readonly string[] }[]): Snapshot {
  const containers = made.map(({ role, booted }) => ({
    ...{ id: role, name: `arc-${role}`, project: 'arc', role, service: 'cinema', booted },
  }));
  const rest = { networks: [], volumes: [], images: {} };
  return { project: 'arc', containers: containers as never as ObservedContainer[], ...rest };
}

const roles = (found: Snapshot): readonly string[] =>
  leftOutOf({ stack, snapshot: found }).map(({ role }) => role);

describe('a container of which no image could be had', () => {
  test('is left out once the rest of its service was booted without it, with what is lost', () => {
    const found = snapshot({ role: 'cinema', booted: ['cinema'] });
    expect(leftOutOf({ stack, snapshot: found })).toEqual([
      {
        role: 'film',
        name: 'arc-film',
        flavour: 'none',
        because: 'films are not kept (arc could get no image for it)',
      },
    ]);
  });

  test.each([
    ['nothing of its service was booted', snapshot()],
    [
      'it was among what was booted, and somebody removed it',
      snapshot({ role: 'cinema', booted: ['cinema', 'film'] }),
    ],
    ['it is there', snapshot({ role: 'cinema', booted: ['cinema'] }, { role: 'film', booted: ['film'] })],
  ])('is not where %s', (_, found) => {
    expect(roles(found)).toEqual([]);
  });
});

test('a container that a person has left out by its flavour is named, unless it runs', () => {
  const flavour = { name: 'none', because: 'chosen with --flavour', without: 'films are not kept' };
  const problem = { code: 'container-absent', message: '' };
  const refused = {
    ...stack,
    containers: [cinema],
    refused: [{ role: 'film', name: 'arc-film', problem, flavour }],
  };
  expect(leftOutOf({ stack: refused, snapshot: snapshot() })).toEqual([
    {
      role: 'film',
      name: 'arc-film',
      flavour: 'none',
      because: 'films are not kept (chosen with --flavour)',
    },
  ]);
  expect(leftOutOf({ stack: refused, snapshot: snapshot({ role: 'film', booted: ['film'] }) })).toEqual([]);
});

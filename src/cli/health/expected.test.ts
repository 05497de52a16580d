import { describe, expect, test } from 'vitest';
import { observedContainer } from '../../../tests/fixtures/observed.ts';
import { testContainer } from '../../../tests/fixtures/stacks.ts';
import type { ObservedContainer } from '../../platform/docker/snapshot.ts';
import { expectedRoles } from './expected.ts';

const containers = ['realtime', 'realtime-ingress', 'realtime-egress'].map((role) =>
  testContainer({ role, service: 'realtime' }),
);

function made(role: string, booted?: readonly string[]): [string, ObservedContainer] {
  return [role, observedContainer(role, [], { service: 'realtime', ...(booted ? { booted } : {}) })];
}

function expected(selection: readonly string[], there: readonly [string, ObservedContainer][]) {
  const named = new Set(selection.includes('realtime') ? containers.map(({ role }) => role) : selection);
  return [...expectedRoles({ containers, selection, named, there: new Map(there) })];
}

describe('what has to be there of a service that was named', () => {
  test('is what its boot had', () => {
    expect(expected(['realtime'], [made('realtime', ['realtime'])])).toEqual(['realtime']);
    expect(expected(['realtime'], [made('realtime', ['realtime', 'realtime-egress'])])).toEqual([
      'realtime',
      'realtime-egress',
    ]);
  });

  test('is what is there, booted later or not', () => {
    const there = [
      made('realtime', ['realtime']),
      made('realtime-ingress', ['realtime', 'realtime-ingress']),
    ];
    expect(expected(['realtime'], there)).toEqual(['realtime', 'realtime-ingress']);
  });

  test('is everything where no label tells, or nothing of it is there', () => {
    expect(expected(['realtime'], [made('realtime')])).toHaveLength(3);
    expect(expected(['realtime'], [])).toHaveLength(3);
  });

  test('is a container that was named itself, whatever was booted', () => {
    expect(expected(['realtime-ingress'], [made('realtime', ['realtime'])])).toEqual(['realtime-ingress']);
  });
});

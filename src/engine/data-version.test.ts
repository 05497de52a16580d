import { expect, test } from 'vitest';
import { testContainer } from '../../tests/fixtures/stacks.ts';
import { newerData } from './data-version.ts';

const container = testContainer({ role: 'cache', volumes: [{ volume: 'arc-cache-data', target: '/data' }] });

test('data of a newer Redis is told from any other crash', () => {
  const line = "1:M 29 Nov 2026 22:00:00.000 # Can't handle RDB format version 12";
  expect(newerData({ container, log: ['1:M Loading', line] })).toEqual({
    code: 'data-too-new',
    message: 'The data in arc-cache-data was written by a newer version than the one in arc-cache.',
    detail: [line],
    suggestion:
      "boot the version that wrote it (arc up cache --bases registry, if that was the upstream's image); arc clean cache begins without that data",
  });
  expect(newerData({ container, log: ["# Can't open the append-only file"] })).toBeUndefined();
});

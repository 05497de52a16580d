import { expect, test } from 'vitest';
import { healthText } from './health-text.ts';

test.each([
  ['starting', false, 'not checked yet'],
  // Its first checks may fail while it starts.
  ['starting', true, 'starting'],
  ['healthy', true, 'healthy'],
  ['unhealthy', true, 'unhealthy'],
  [null, null, ''],
])('the health %s, of a check that has run: %s, reads "%s"', (health, healthHasRun, text) => {
  expect(healthText({ health, healthHasRun })).toBe(text);
});

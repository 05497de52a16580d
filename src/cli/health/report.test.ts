import { expect, test } from 'vitest';
import type { CheckHealth } from './make-check.ts';
import { healthText } from './report.ts';

const check: CheckHealth = {
  service: 'broker',
  name: 'events',
  description: 'Events arrive.',
  outcome: 'ok',
  question: 'event',
  reply: 'arrived',
  milliseconds: 8_000,
};

function text(checks: readonly CheckHealth[]): string {
  const healthy = checks.every(({ outcome }) => outcome !== 'failed');
  return healthText({ report: { healthy, containers: [], checks, leftOut: [] }, columns: 120 });
}

test('an answer that was kept is shown with its age', () => {
  expect(text([{ ...check, ageMilliseconds: 180_000 }])).toMatch(
    /✓ {2}broker events .*event: arrived \(3 min ago\)/,
  );
});

test('the verdict is that all is well, if all is known', () => {
  expect(text([check])).toMatch(/\n\nHealthy\.$/);
  expect(text([{ ...check, outcome: 'warning' }, check])).toMatch(/\n\nHealthy, with 1 warning\.$/);
});

test('the verdict says what is not known, whatever the rest is', () => {
  const unknown: CheckHealth = { ...check, outcome: 'unknown', reply: 'not known yet' };
  expect(text([unknown, check])).toMatch(/\n\nHealthy as far as known\. 1 check has no answer yet\.$/);
  expect(text([unknown, unknown, { ...check, outcome: 'warning' }])).toMatch(
    /\n\nHealthy as far as known, with 1 warning\. 2 checks have no answer yet\.$/,
  );
  expect(text([unknown, { ...check, outcome: 'failed' }])).toMatch(
    /\n\nNot healthy: 1 answer is bad\. .* 1 check has no answer yet\.$/,
  );
});

import { expect, it } from 'vitest';
import { planRelease } from '../../src/release/plan.ts';
import { printReleasePlan } from '../../src/release/print-plan.ts';
import { aRequest, aSnapshot } from '../../src/release/release.fixture.ts';
import { readPage } from '../support/documents.ts';

it('docs/releasing.md shows a plan as arc prints it', () => {
  const snapshot = aSnapshot();
  const scanner = { there: false, reason: 'neither trivy nor grype is installed' } as const;
  const planned = planRelease({
    request: aRequest({ service: 'cache', roles: ['cache'] }),
    snapshot: { ...snapshot, tools: { ...snapshot.tools, scanner } },
  });
  const [shown] = readPage('docs/releasing.md').blocks.filter(({ info }) => info === 'text');
  expect('plan' in planned ? printReleasePlan(planned.plan) : planned).toBe(shown?.text);
});

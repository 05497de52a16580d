import { expect, it } from 'vitest';
import type { ToolState } from '../../src/release/model.ts';
import { planRelease } from '../../src/release/plan.ts';
import { printReleasePlan } from '../../src/release/print-plan.ts';
import { aRequest, aSnapshot } from '../../src/release/release.fixture.ts';
import { findScanner } from '../../src/release/supply/scan.ts';
import { chooseSigner, releaseIdentity } from '../../src/release/supply/signer.ts';
import { readPage } from '../support/documents.ts';

/** A machine without any of the programs. */
const bare = { PATH: '' };

function missing(found: { kind: string } | { reason: string; suggestion?: string }): ToolState {
  if (!('reason' in found)) throw new Error('there is such a program');
  const { reason, suggestion } = found;
  return { there: false, reason, ...(suggestion === undefined ? {} : { suggestion }) };
}

it('docs/releasing.md shows a plan as arc prints it', () => {
  const snapshot = aSnapshot();
  const request = aRequest({ service: 'cache', roles: ['cache'], sign: 'none' });
  const signer = chooseSigner({ sign: request.sign, identity: releaseIdentity(request), environment: bare });
  const planned = planRelease({
    request,
    snapshot: {
      ...snapshot,
      tools: { ...snapshot.tools, scanner: missing(findScanner(bare)), signer: missing(signer) },
    },
  });
  const [shown] = readPage('docs/releasing.md').blocks.filter(({ info }) => info === 'text');
  expect('plan' in planned ? printReleasePlan(planned.plan) : planned).toBe(shown?.text);
});

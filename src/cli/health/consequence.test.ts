import { describe, expect, test } from 'vitest';
import { asConsequence } from './consequence.ts';
import type { ContainerHealth } from './examine.ts';
import type { CheckHealth } from './make-check.ts';

const check = {
  name: 'found',
  description: 'A span is found.',
  probe: { kind: 'jaeger', at: { role: 'traces', port: 'query' }, fields: {} },
  needs: ['telemetry'],
} as const;
const failed: CheckHealth = {
  service: 'traces',
  name: 'found',
  description: 'A span is found.',
  outcome: 'failed',
  question: 'a span',
  reply: 'connection refused',
  milliseconds: 2,
};

function container(role: string, state: string, ok: boolean): ContainerHealth {
  return { role, name: `arc-${role}`, state, ok, reply: '', milliseconds: 0 };
}

/** What is said of the check beside these containers. */
function said(made: CheckHealth, ...containers: readonly ContainerHealth[]) {
  const { outcome, reply } = asConsequence({ toMake: { service: 'traces', check }, made, containers });
  return `${outcome}: ${reply}`;
}

describe('a check that failed', () => {
  test('is no second failure where its own container is the cause', () => {
    expect(said(failed, container('traces', 'exited', false))).toBe(
      'unknown: not known while arc-traces is exited: connection refused',
    );
  });

  test('is no second failure where a container that it needs is the cause', () => {
    expect(said(failed, container('traces', 'running', true), container('telemetry', 'running', false))).toBe(
      'unknown: not known while arc-telemetry is not well: connection refused',
    );
  });

  test('is a failure where all that it asks is well, or was not asked', () => {
    const wanted = 'failed: connection refused';
    expect(said(failed, container('traces', 'running', true), container('cache', 'exited', false))).toBe(
      wanted,
    );
    expect(said(failed)).toBe(wanted);
  });
});

test('a good answer stays good, whatever its container says', () => {
  const ok: CheckHealth = { ...failed, outcome: 'ok', reply: 'found' };
  expect(said(ok, container('traces', 'running', false))).toBe('ok: found');
});

import { describe, expect, test } from 'vitest';
import { service } from '../../../tests/fixtures/manifests.ts';
import type { CheckManifest } from '../../manifest/model-checks.ts';
import { spansReceiver } from './receiver.ts';

function takes(role: string): CheckManifest {
  return {
    ...{
      name: 'spans',
      description: 'Takes spans.',
      container: role,
      needs: [],
      when_present: false,
      when: {},
    },
    probe: { kind: 'otlp', port: 'otlp_http', fields: {} },
  };
}

const cache = service({ role: 'cache' });
const traces = service({ role: 'traces', checks: [takes('traces')] });
const telemetry = service({ role: 'telemetry', needs: ['traces~'], checks: [takes('telemetry')] });
const services = [cache, traces, telemetry];

describe('spans are sent', () => {
  test.each([
    ['to the collector before the storage', ['cache', 'traces', 'telemetry'], 'telemetry'],
    ['to the storage where there is no collector', ['cache', 'traces'], 'traces'],
    ['to a collector without a storage', ['telemetry'], 'telemetry'],
    ['to nobody where nothing takes them', ['cache'], undefined],
  ])('%s', (_, running, role) => {
    const to = spansReceiver({ services, there: new Set(running) });
    expect(to).toEqual(role === undefined ? undefined : { role, port: 'otlp_http' });
  });

  test('to a container that is ready when it takes them', () => {
    const probe = { kind: 'otlp', port: 'in', fields: {} };
    const ready = service({ role: 'a', health: { ...cache.health, probe } });
    expect(spansReceiver({ services: [ready], there: new Set(['a']) })).toEqual({ role: 'a', port: 'in' });
  });
});

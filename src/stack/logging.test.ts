import { describe, expect, test } from 'vitest';
import { manifests, port, profile, service } from '../../tests/fixtures/manifests.ts';
import type { ResolveOptions } from './draft.ts';
import { resolveStack } from './resolve.ts';
import { noChoices } from './settings.ts';

const collector = service({
  role: 'telemetry',
  needs: ['logs+'],
  ports: [port({ name: 'http', number: 8000 }), port({ name: 'fluent', number: 24224 })],
  collects_logs: {
    driver: '{% if containers.logs %}fluentd{% endif %}',
    options: { 'fluentd-address': '127.0.0.1:{{ host_ports.fluent }}' },
  },
});
const silent = { driver: 'none', options: {} };
const platform = manifests({
  services: [
    service({ role: 'cache' }),
    service({ role: 'quiet', logging: silent }),
    service({ role: 'logs', logging: silent }),
    collector,
  ],
  profiles: [
    profile({ name: 'think', services: ['cache'] }),
    profile({ name: 'reason', services: ['cache', 'quiet', 'logs', 'telemetry'] }),
  ],
});
const collected = { driver: 'fluentd', options: { 'fluentd-address': '127.0.0.1:24224' } };

function loggingOf(selection: readonly string[], options: Partial<ResolveOptions> = {}) {
  const stack = resolveStack({
    manifests: platform,
    templates: new Map(),
    selection,
    without: [],
    settings: noChoices,
    secrets: new Map(),
    ...options,
  });
  return Object.fromEntries(stack.containers.map(({ role, logging }) => [role, logging]));
}

describe('a container that collects the logs of all others', () => {
  test('gets what has no logging of its own, in words of its own port, and never its own lines', () => {
    expect(loggingOf(['reason'])).toEqual({
      cache: collected,
      quiet: silent,
      logs: silent,
      telemetry: undefined,
    });
  });

  test('changes nothing in a stack without it, nor where its templates want nothing', () => {
    expect(loggingOf(['think'])).toEqual({ cache: undefined });
    expect(loggingOf(['reason'], { without: ['telemetry'] }).cache).toBeUndefined();
    expect(loggingOf(['reason'], { without: ['logs'] }).cache).toBeUndefined();
  });

  test('counts where it has a container, and so does what it passes the logs to', () => {
    expect(loggingOf(['think'], { present: new Set(['telemetry', 'logs']) }).cache).toEqual(collected);
    expect(loggingOf(['think'], { present: new Set(['telemetry']) }).cache).toBeUndefined();
  });

  test('is in no committed file of another service, which can be started without it', () => {
    expect(loggingOf(['reason'], { eachAlone: true }).cache).toBeUndefined();
  });
});

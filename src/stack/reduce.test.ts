import { describe, expect, it } from 'vitest';
import { noContracts } from '../contracts/model.ts';
import type { ResolvedContainer, Stack } from './model.ts';
import { reduceStack } from './reduce.ts';

function container(role: string, ...needs: string[]): ResolvedContainer {
  return {
    kind: 'service',
    role,
    name: `arc-${role}`,
    service: role,
    codename: role,
    tech: role,
    description: '',
    image: {
      reference: role,
      upstream: role,
      user: '1:1',
      owned: [],
      dockerfile: 'Dockerfile',
      folder: role,
      labels: {},
    },
    environment: {},
    config: [],
    folders: [],
    volumes: [],
    tmpfs: [],
    aliases: [],
    ports: [],
    innerPorts: [],
    user: '1:1',
    readOnly: false,
    capAdd: [],
    resources: {},
    restart: 'no',
    stop: { signal: 'SIGTERM', graceSeconds: 10 },
    dependsOn: needs.map((need) => ({ role: need, condition: 'healthy' })),
    health: { kind: 'exit', timeoutSeconds: 1 },
    provision: [],
    checks: [],
  };
}

const stack: Stack = {
  project: 'arc',
  network: 'net',
  selection: [],
  roles: new Set(['cache', 'realtime', 'ingress', 'storage']),
  containers: [
    container('cache'),
    container('realtime', 'cache'),
    container('ingress', 'realtime'),
    container('storage'),
  ],
  volumes: [{ name: 'arc-cache-data', role: 'cache' }],
  layers: [['cache', 'storage'], ['realtime'], ['ingress']],
  criticalPath: ['cache', 'realtime', 'ingress'],
  inFlavours: () => stack,
  refused: [],
  warnings: [],
  keep: [],
  secrets: [],
  settings: {},
  contracts: noContracts,
};

describe('reduceStack', () => {
  it('leaves a stack as it is when nothing is absent', () => {
    expect(reduceStack({ stack, absent: new Set() }).stack).toEqual(stack);
  });

  it('takes out what is absent and keeps what does not need it', () => {
    const { stack: left, gone } = reduceStack({ stack, absent: new Set(['ingress']) });
    expect(left.containers.map(({ role }) => role)).toEqual(['cache', 'realtime', 'storage']);
    expect(left.layers).toEqual([['cache', 'storage'], ['realtime']]);
    expect([...gone]).toEqual([['ingress', 'ingress']]);
  });

  it('takes out everything that needs what is absent, and says through what', () => {
    const { stack: left, gone } = reduceStack({ stack, absent: new Set(['cache']) });
    expect(left.containers.map(({ role }) => role)).toEqual(['storage']);
    expect(left.volumes).toEqual([]);
    expect([...gone]).toEqual([
      ['cache', 'cache'],
      ['realtime', 'cache'],
      ['ingress', 'realtime'],
    ]);
  });
});

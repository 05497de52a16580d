import { expect, test } from 'vitest';
import { loadWorkspace } from '../../workspace/load.ts';
import { brokersOf } from './brokers.ts';

test('finds the servers of messages by the names and ports of their manifests', async () => {
  const { manifests } = await loadWorkspace({ cwd: import.meta.dirname });
  expect(brokersOf(manifests)).toEqual({ nats: 'arc-messaging:4222', pulsar: 'arc-streaming:6650' });
  const moved = manifests.services.map((service) =>
    service.role === 'messaging'
      ? {
          ...service,
          name: 'shop-bus',
          ports: service.ports.map((port) => ({ ...port, container: { first: 5_222, last: 5_222 } })),
        }
      : service,
  );
  expect(brokersOf({ services: moved })).toMatchObject({ nats: 'shop-bus:5222' });
  expect(brokersOf({ services: [] })).toEqual({});
});

import { expect, test } from 'vitest';
import { message } from '../../contracts/contracts.fixture.ts';
import { allMessageTools, type MessageSystem, placeOf, runningAt } from './message-servers.ts';

const topic = {
  ...{ namespace: 'orders', topic: 'counted', url: 'persistent://arc/orders/counted', partitions: 0 },
  subscriptions: [],
};
const onNats = message();
const onBoth = message({ name: 'orders-counted', pulsar: topic });

/** The systems of a workspace, of which some run. */
function systems(...running: readonly string[]): readonly MessageSystem[] {
  return allMessageTools.map((tools) => ({
    ...{ tools, role: tools.system === 'nats' ? 'messaging' : 'streaming' },
    isRunning: running.includes(tools.system),
    at: () => expect.unreachable(),
  }));
}

const chosen = (options: Omit<Parameters<typeof placeOf>[0], 'wanted'> & { wanted?: 'nats' | 'pulsar' }) => {
  const place = placeOf({ wanted: undefined, ...options });
  return place.kind === 'runs' ? place.system.tools.system : place.kind;
};

test('of the systems that a message is on, chooses the first or the last that runs', () => {
  const both = systems('nats', 'pulsar');
  expect(chosen({ systems: both, message: onBoth })).toBe('nats');
  expect(chosen({ systems: both, message: onBoth, last: true })).toBe('pulsar');
  expect(chosen({ systems: systems('pulsar'), message: onBoth })).toBe('pulsar');
  expect(chosen({ systems: systems('nats'), message: onBoth, last: true })).toBe('nats');
  expect(chosen({ systems: both, message: onNats, last: true })).toBe('nats');
});

test('takes the system that is asked for, or none', () => {
  expect(chosen({ systems: systems('nats', 'pulsar'), message: onBoth, wanted: 'pulsar' })).toBe('pulsar');
  expect(chosen({ systems: systems('nats'), message: onBoth, wanted: 'pulsar' })).toBe('stopped');
  expect(chosen({ systems: systems('nats', 'pulsar'), message: onNats, wanted: 'pulsar' })).toBe('elsewhere');
});

test('names the server that does not run, and the command that starts it', () => {
  const place = placeOf({ systems: systems(), message: onBoth, wanted: undefined, last: true });
  expect(() => runningAt({ place, message: onBoth, wanted: undefined })).toThrow(
    'streaming does not run, and the messages on pulsar go through it.',
  );
  expect(place).toMatchObject({ problem: { suggestion: 'run `arc up streaming`' } });
});

test('says that a workspace has no such server', () => {
  const place = placeOf({ systems: [], message: onNats, wanted: undefined });
  expect(place).toMatchObject({ problem: { message: 'No service of this workspace is a server of nats.' } });
});

test('says that a message is not on the system that is asked for', () => {
  const place = placeOf({ systems: systems('nats', 'pulsar'), message: onNats, wanted: 'pulsar' });
  expect(() => runningAt({ place, message: onNats, wanted: 'pulsar' })).toThrow(
    'order-placed is not on pulsar.',
  );
});

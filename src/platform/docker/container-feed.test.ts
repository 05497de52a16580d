import { expect, test } from 'vitest';
import { containerFeed } from './container-feed.ts';
import type { ContainerEvent, Engine } from './engine.ts';

type Watch = Parameters<Engine['watchContainers']>[0];

/** A feed, the streams that it opened, and what subscribers were told. */
function open() {
  const streams: Watch[] = [];
  const told: string[] = [];
  const feed = containerFeed({
    engine: { watchContainers: async (watch) => void streams.push(watch) },
    project: 'arc',
    signal: new AbortController().signal,
  });
  const subscribe = (who: string) =>
    feed.subscribe({
      onEvent: ({ action, name }) => told.push(`${who}: ${action} ${name}`),
      onEnd: () => told.push(`${who}: end`),
    });
  return { streams, told, subscribe };
}

const died: ContainerEvent = { action: 'die', name: 'arc-cache' };

test('the Engine is asked once, and everybody is told', async () => {
  const { streams, told, subscribe } = open();
  expect(streams).toEqual([]);
  await Promise.all([subscribe('a'), subscribe('b')]);
  expect(streams).toMatchObject([{ project: 'arc' }]);
  streams[0]?.onEvent(died);
  expect(told).toEqual(['a: die arc-cache', 'b: die arc-cache']);
});

test('who comes when the stream has ended is told so', async () => {
  const { streams, told, subscribe } = open();
  await subscribe('early');
  streams[0]?.onEnd();
  await subscribe('late');
  expect(told).toEqual(['early: end', 'late: end']);
  expect(streams).toHaveLength(1);
});

import { PassThrough } from 'node:stream';
import type Docker from 'dockerode';
import { expect, test, vi } from 'vitest';
import { watchContainers } from './docker-events.ts';

/** Watches a stream of events, and says what was told of it. */
async function watch() {
  const stream = new PassThrough();
  const told: unknown[] = [];
  await watchContainers({
    docker: { getEvents: async () => stream } as unknown as Docker,
    project: 'arc',
    signal: new AbortController().signal,
    onEvent: (event) => told.push(event),
    onEnd: () => told.push('end'),
  });
  return { stream, told };
}

const event = (action: string, attributes: object) =>
  `${JSON.stringify({ Action: action, Actor: { Attributes: attributes } })}\n`;

test('events are told as they come, wherever the stream is cut', async () => {
  const { stream, told } = await watch();
  const text =
    event('die', { name: 'arc-cache', exitCode: '137' }) + event('exec_start', { name: 'arc-cache' });
  stream.write(text.slice(0, 20));
  stream.write(text.slice(20));
  stream.end();
  await vi.waitUntil(() => told.includes('end'));
  expect(told).toEqual([{ action: 'die', name: 'arc-cache', exitCode: 137 }, 'end']);
});

test('a line that is no event ends the watch, because what it was is not known', async () => {
  const { stream, told } = await watch();
  stream.write(`${event('start', { name: 'a' })}<html>\n${event('start', { name: 'b' })}`);
  await vi.waitUntil(() => stream.destroyed);
  expect(told).toEqual([{ action: 'start', name: 'a' }, 'end']);
});

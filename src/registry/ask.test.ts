import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { askRegistry } from './ask.ts';

async function registry(handle: Parameters<typeof createServer>[1]) {
  const server = createServer(handle as never).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { name: `127.0.0.1:${(server.address() as AddressInfo).port}`, close: () => server.close() };
}

const ask = (name: string) => askRegistry({ registry: name, scheme: 'http', deadlineMilliseconds: 500 });

test('a registry that wants a login answers, and tells the time', async () => {
  const { name, close } = await registry((request, response) => {
    response.writeHead(request.url === '/v2/' ? 401 : 404, { date: 'Sat, 21 Nov 2026 12:00:00 GMT' }).end();
  });
  const answer = await ask(name);
  close();
  expect(answer).toMatchObject({
    registry: name,
    answers: true,
    clock: { there: Date.UTC(2026, 10, 21, 12) },
  });
});

test('a registry that hangs does not answer in time', async () => {
  const { name, close } = await registry(() => {});
  const answer = await ask(name);
  close();
  expect(answer).toEqual({ registry: name, answers: false, reason: 'no answer in time' });
});

test('nobody listens', async () => {
  const { name, close } = await registry(() => {});
  close();
  expect(await ask(name)).toEqual({ registry: name, answers: false, reason: 'nothing listens there' });
});

test('a name that does not resolve', async () => {
  const { answers, ...rest } = await ask('registry.invalid');
  expect(answers).toBe(false);
  expect(rest).toMatchObject({ registry: 'registry.invalid' });
});

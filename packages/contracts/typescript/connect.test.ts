import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { connect } from './connect.ts';

const undo: (() => void)[] = [];
afterEach(() => {
  for (const one of undo.splice(0)) one();
});

/** As much of NATS as a client needs to connect. */
async function listen(port: number): Promise<number> {
  const server = createServer((socket) => {
    const info = { server_id: 'one', version: '2.12.0', proto: 1, headers: true, max_payload: 1_048_576 };
    socket.write(`INFO ${JSON.stringify(info)}\r\n`);
    socket.on('data', (bytes) => {
      if (bytes.includes('PING')) socket.write('PONG\r\n');
    });
    socket.on('error', () => undefined);
    undo.push(() => void socket.destroy());
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  undo.push(() => void server.close());
  const address = server.address();
  return address === null || typeof address === 'string' ? expect.unreachable() : address.port;
}

test('a malformed address is an error at once', async () => {
  const url = 'nats://127.0.0.1:abc';
  await expect(connect({ role: 'webhooks', url, refused: () => undefined })).rejects.toThrow(TypeError);
});

test('a file without a seed is an error at once, which does not show what is in it', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'arc-seed-'));
  undo.push(() => rmSync(folder, { recursive: true }));
  const seedFile = join(folder, 'seed');
  writeFileSync(seedFile, 'SUBROKEN');
  const connecting = connect({ role: 'webhooks', url: 'nats://127.0.0.1:1', seedFile });
  await expect(connecting).rejects.toThrow(`${seedFile} holds no seed of an nkey`);
});

test('a server that starts later is awaited, and why there is none is reported once', async () => {
  const port = await listen(0);
  for (const one of undo.splice(0)) one();
  const reported: string[] = [];
  const connecting = connect({
    role: 'webhooks',
    url: `nats://127.0.0.1:${port}`,
    report: ({ message }) => void reported.push(message),
  });
  // Several attempts.
  await new Promise((resolve) => setTimeout(resolve, 800));
  expect(reported).toEqual([expect.stringContaining('NATS cannot be reached yet: ')]);
  await listen(port);
  const bus = await connecting;
  expect(bus.isConnected()).toBe(true);
  await bus.drain();
});

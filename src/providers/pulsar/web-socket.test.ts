import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { expect, test } from 'vitest';
import { openChannel } from './web-socket.ts';

/** Appended to a client's key in the handshake (RFC 6455, section 1.3). */
const handshake = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';

/** Stands in for a broker that says one thing and then nothing more. */
async function startSpeaker(text: string) {
  const sockets: Duplex[] = [];
  const server = createServer();
  server.on('upgrade', (request, socket) => {
    sockets.push(socket);
    socket.on('error', () => undefined);
    const key = `${request.headers['sec-websocket-key']}${handshake}`;
    const accept = createHash('sha1').update(key).digest('base64');
    const head = `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`;
    // One text, which is the end of its message: shorter than 126 bytes.
    socket.write(Buffer.concat([Buffer.from(head), Buffer.of(0x81, text.length), Buffer.from(text)]));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    server: { role: 'streaming', origin: `http://127.0.0.1:${port}` },
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

async function heard(text: string): Promise<string> {
  await using speaker = await startSpeaker(text);
  const { signal } = new AbortController();
  using channel = await openChannel({ server: speaker.server, path: 'reader/persistent/a/b/c', signal });
  return await channel.until((message) => (message as { properties: { check: string } }).properties.check);
}

test('what the broker says arrives, also what it said before anybody asked', async () => {
  expect(await heard('{"properties":{"check":"a"}}')).toBe('a');
});

test.each([
  ['no JSON', 'Service Unavailable', 'not valid JSON'],
  ['no message', '{"result":"receive-error"}', "reading 'check'"],
])('an answer that is %s fails whoever waits for it, and not arc', async (_, text, why) => {
  await expect(heard(text)).rejects.toThrow(why);
});

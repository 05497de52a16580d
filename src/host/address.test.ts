import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { networkInterfaces } from 'node:os';
import { afterEach, describe, expect, test } from 'vitest';
import { lookUpAddress } from './address.ts';

const sockets: Socket[] = [];
afterEach(() => {
  for (const socket of sockets.splice(0)) socket.close();
});

/** A STUN server on loopback; `answer` makes the reply to a request. */
async function stunServer(answer: (request: Buffer) => Buffer | undefined): Promise<string> {
  const socket = createSocket('udp4').bind(0, '127.0.0.1');
  await once(socket, 'listening');
  sockets.push(socket);
  socket.on('message', (request, from) => {
    const reply = answer(request);
    if (reply) socket.send(reply, from.port, from.address);
  });
  return `127.0.0.1:${socket.address().port}`;
}

/** A success answer with one attribute (RFC 8489, sections 5 and 14). */
function success(request: Buffer, attribute: { type: number; value: readonly number[] }): Buffer {
  const { type, value } = attribute;
  const header = Buffer.from(request.subarray(0, 20));
  header.writeUInt16BE(0x0101, 0);
  header.writeUInt16BE(4 + value.length, 2);
  return Buffer.concat([header, Buffer.from([type >> 8, type & 0xff, 0, value.length, ...value])]);
}

// 203.0.113.7, and the same combined with the magic cookie 0x2112a442.
const plain = { type: 0x0001, value: [0, 1, 0x30, 0x39, 203, 0, 113, 7] };
const combined = { type: 0x0020, value: [0, 1, 0x11, 0x2b, 203 ^ 0x21, 0x12, 113 ^ 0xa4, 7 ^ 0x42] };

describe('public', () => {
  test('is the address that a STUN server sees', async () => {
    const server = await stunServer((request) => success(request, combined));
    expect(await lookUpAddress({ mode: 'public', servers: [server] })).toEqual({
      value: '203.0.113.7',
      note: `public: 203.0.113.7, as seen by ${server} (behind NAT: the media ports must be forwarded)`,
    });
  });

  test('also from a server of the old kind', async () => {
    const server = await stunServer((request) => success(request, plain));
    expect((await lookUpAddress({ mode: 'public', servers: [server] })).value).toBe('203.0.113.7');
  });

  test('comes from the first server that answers', async () => {
    const silent = await stunServer(() => undefined);
    const server = await stunServer((request) => success(request, combined));
    const found = await lookUpAddress({ mode: 'public', servers: [silent, server] });
    expect(found.note).toContain(server);
  });

  test('a lost request is repeated', async () => {
    let requests = 0;
    const server = await stunServer((request) => {
      requests += 1;
      return requests === 1 ? undefined : success(request, combined);
    });
    expect((await lookUpAddress({ mode: 'public', servers: [server] })).value).toBe('203.0.113.7');
    expect(requests).toBe(2);
  });

  test('an answer to somebody else’s request does not count, nor does rubbish', async () => {
    const server = await stunServer((request) => {
      const forged = success(request, combined);
      forged[12] = (forged[12] ?? 0) ^ 0xff;
      return forged;
    });
    const rubbish = await stunServer(() => Buffer.from('HTTP/1.1 400 Bad Request'));
    const asked = lookUpAddress({ mode: 'public', servers: [server, rubbish], deadlineMilliseconds: 200 });
    await expect(asked).rejects.toMatchObject({ code: 'no-public-address' });
  });

  test('nobody answers: the error has a line for each server', async () => {
    const silent = await stunServer(() => undefined);
    const asked = lookUpAddress({
      mode: 'public',
      servers: [silent, 'stun.invalid:3478'],
      deadlineMilliseconds: 200,
    });
    await expect(asked).rejects.toMatchObject({
      code: 'no-public-address',
      problems: [
        { detail: [`${silent}: no answer within 200 ms`, expect.stringMatching(/^stun\.invalid:3478: /)] },
      ],
    });
  });
});

describe('lan', () => {
  test('is an address of an interface of this machine, or the error says that there is none', async () => {
    const own = Object.values(networkInterfaces()).flatMap((each) => each ?? []);
    const found = await lookUpAddress({ mode: 'lan' }).catch((error: { code: string }) => error.code);
    if (typeof found === 'string') expect(found).toBe('no-lan-address');
    else {
      expect(own.map(({ address }) => address)).toContain(found.value);
      expect(found.note).toMatch(/^lan: [\d.]+ on \S+ \(default route\)$/);
    }
  });
});

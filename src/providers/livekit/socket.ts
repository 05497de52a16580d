import { randomBytes } from 'node:crypto';
import { request, STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';

// A WebSocket over a connection that is there already, of which one message is wanted: Node's own connects by itself, to
// where the name in its address leads.

/** Longer than what a server tells somebody who joins an empty room. */
const longest = 256 * 1024;

/**
 * Asks for a WebSocket and waits for what the server says first.
 *
 * @throws Error in words where the server refuses or says nothing
 */
export async function firstMessage(options: {
  socket: Socket;
  name: string;
  path: string;
}): Promise<Uint8Array> {
  const head = await upgrade(options);
  const { socket } = options;
  return new Promise((resolve, reject) => {
    let received = Buffer.alloc(0);
    const take = (chunk: Buffer): void => {
      received = Buffer.concat([received, chunk]);
      try {
        const message = readMessage(received);
        if (message !== undefined) resolve(message);
        else if (received.length > longest) throw new Error('the server says more than it has to');
      } catch (cause) {
        reject(cause);
      }
    };
    socket.on('data', take);
    socket.on('error', reject);
    socket.on('close', () => reject(new Error('the server refused the participant')));
    take(head);
    socket.resume();
  });
}

/** @returns what came together with the answer */
function upgrade(options: { socket: Socket; name: string; path: string }): Promise<Buffer> {
  const { socket, name, path } = options;
  return new Promise((resolve, reject) => {
    request({
      ...{ path, createConnection: () => socket },
      headers: {
        ...{ Host: name, Connection: 'Upgrade', Upgrade: 'websocket', 'Sec-WebSocket-Version': '13' },
        'Sec-WebSocket-Key': randomBytes(16).toString('base64'),
      },
    })
      .on('upgrade', (_, __, head) => resolve(head))
      .on('response', ({ statusCode = 0 }) => {
        reject(new Error(`${statusCode} ${STATUS_CODES[statusCode] ?? ''} instead of a WebSocket`));
      })
      .on('error', reject)
      .end();
  });
}

/**
 * The first whole message among frames of a server (RFC 6455, 5.2), which masks nothing; nothing where more has to come.
 *
 * @throws Error where the server ends the conversation instead
 */
export function readMessage(bytes: Buffer): Uint8Array | undefined {
  const parts: Buffer[] = [];
  for (let at = 0; bytes.length >= at + 2; ) {
    const [first, second] = [bytes.readUInt8(at), bytes.readUInt8(at + 1)];
    const [isLast, kind, short] = [(first & 0x80) !== 0, first & 0x0f, second & 0x7f];
    const extended = short === 127 ? 8 : short === 126 ? 2 : 0;
    const begin = at + 2 + extended;
    if (bytes.length < begin) return undefined;
    const length =
      extended === 8
        ? Number(bytes.readBigUInt64BE(at + 2))
        : extended === 2
          ? bytes.readUInt16BE(at + 2)
          : short;
    const end = begin + length;
    if (bytes.length < end) return undefined;
    if (kind === 8) throw new Error('the server refused the participant');
    // Pings and pongs may come between the parts of a message.
    if (kind < 8) {
      parts.push(bytes.subarray(begin, end));
      if (isLast) return Buffer.concat(parts);
    }
    at = end;
  }
  return undefined;
}

import { expect, test } from 'vitest';
import { readMessage } from './socket.ts';

/** A frame as a server sends it. */
function frame(options: { kind?: number; last?: boolean; content: Buffer }): Buffer {
  const { kind = 2, last = true, content } = options;
  const { length } = content;
  const size =
    length < 126 ? Buffer.from([length]) : length < 65_536 ? Buffer.alloc(3, 126) : Buffer.alloc(9, 127);
  if (size.length === 3) size.writeUInt16BE(length, 1);
  if (size.length === 9) size.writeBigUInt64BE(BigInt(length), 1);
  return Buffer.concat([Buffer.from([(last ? 0x80 : 0) | kind]), size, content]);
}

test.each([0, 1, 125, 126, 65_535, 65_536, 100_000])('a message of %i bytes is read whole', (length) => {
  const content = Buffer.alloc(length, 7);
  const bytes = frame({ content });
  expect(Buffer.from(readMessage(bytes) ?? 'none').equals(content)).toBe(true);
  expect(readMessage(bytes.subarray(0, -1))).toBeUndefined();
});

test('a message in parts is put together, whatever comes between them', () => {
  const parts = [
    frame({ last: false, content: Buffer.from('one ') }),
    frame({ kind: 9, content: Buffer.from('ping') }),
    frame({ kind: 0, content: Buffer.from('two') }),
    frame({ content: Buffer.from('the next message') }),
  ];
  expect(Buffer.from(readMessage(Buffer.concat(parts)) ?? '').toString()).toBe('one two');
  expect(readMessage(Buffer.concat(parts.slice(0, 2)))).toBeUndefined();
});

test('a server that closes the conversation has refused', () => {
  expect(() => readMessage(frame({ kind: 8, content: Buffer.alloc(2) }))).toThrow('refused');
});

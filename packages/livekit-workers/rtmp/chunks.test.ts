import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ChunkReader, chunked, messageLimits } from './chunks.ts';
import { RtmpError } from './error.ts';
import { messageType, type RtmpMessage } from './message.ts';

const hex = (text: string): Buffer => Buffer.from(text.replaceAll(/\s/g, ''), 'hex');
const messages = fc.array(
  fc.record({
    type: fc.constantFrom(messageType.audio, messageType.video, messageType.command, messageType.data),
    stream: fc.nat(10),
    timestamp: fc.integer({ min: 0, max: 0xffff_ffff }),
    body: fc.uint8Array({ maxLength: 1_000 }).map((bytes) => Buffer.from(bytes)),
  }),
  { maxLength: 8 },
);
const read = (reader: ChunkReader, bytes: Buffer): RtmpMessage[] => [...reader.read(bytes)];

describe('chunks', () => {
  it('are put together to what was cut, however the bytes come', () => {
    fc.assert(
      fc.property(messages, fc.array(fc.integer({ min: 1, max: 300 }), { minLength: 1 }), (sent, sizes) => {
        const bytes = Buffer.concat(sent.map((message) => chunked(message, 128)));
        const reader = new ChunkReader();
        const got: RtmpMessage[] = [];
        for (let at = 0, turn = 0; at < bytes.length; turn += 1) {
          const size = sizes[turn % sizes.length] ?? 1;
          got.push(...reader.read(bytes.subarray(at, at + size)));
          at += size;
        }
        expect(got).toEqual(sent);
      }),
    );
  });

  it('leave out what is as before, and tell time by what has passed', () => {
    const got = read(
      new ChunkReader(),
      hex(`04 000064 000002 08 01000000 af01
           44 000014 000001 08 af
           84 000015 af
           c4 af`),
    );
    expect(got.map(({ timestamp, body }) => [timestamp, body.toString('hex')])).toEqual([
      [100, 'af01'],
      [120, 'af'],
      [141, 'af'],
      [162, 'af'],
    ]);
  });

  it('can be of several messages in turn', () => {
    const reader = new ChunkReader();
    const video = Buffer.concat([hex('06 000000 000082 09 01000000'), Buffer.alloc(128, 1)]);
    const audio = hex('04 000000 000001 08 01000000 af');
    const rest = Buffer.concat([hex('c6'), Buffer.alloc(2, 1)]);
    expect(
      read(reader, Buffer.concat([video, audio, rest])).map(({ type, body }) => [type, body.length]),
    ).toEqual([
      [messageType.audio, 1],
      [messageType.video, 130],
    ]);
  });

  it('can have times of 32 bits, in each chunk', () => {
    const body = Buffer.alloc(129, 7);
    const begin = hex('06 ffffff 000081 09 01000000 01000000');
    const bytes = Buffer.concat([begin, body.subarray(0, 128), hex('c6 01000000'), body.subarray(128)]);
    expect(read(new ChunkReader(), bytes)).toEqual([{ type: 9, stream: 1, timestamp: 0x100_0000, body }]);
  });

  it('grow when the other side says so, and a message can be given up', () => {
    const reader = new ChunkReader();
    read(
      reader,
      chunked({ type: messageType.setChunkSize, stream: 0, timestamp: 0, body: hex('00001000') }, 128),
    );
    const begun = Buffer.concat([hex('06 000000 001001 09 01000000'), Buffer.alloc(4096)]);
    expect(read(reader, begun)).toEqual([]);
    read(reader, chunked({ type: messageType.abort, stream: 0, timestamp: 0, body: hex('00000006') }, 128));
    expect(read(reader, hex('06 000000 000001 09 01000000 17'))).toHaveLength(1);
  });

  it.each([
    ['an unknown chunk before it', 'c4', 'refers to one before it'],
    [
      'a new header in the middle',
      '06 000000 000100 09 01000000'.concat('00'.repeat(128), '06 000000 000001 09 01000000'),
      'in the middle of another',
    ],
    ['a length beyond the limit', '03 000000 ffffff 14 00000000', '65536 are allowed'],
    ['a chunk size of nothing', '02 000000 000004 01 00000000 00000000', 'a chunk size of 0'],
    ['tiny chunks', '02 000000 000004 01 00000000 00000001', 'a chunk size of 1'],
  ])('with %s are refused', (_, bytes, words) => {
    expect(() => read(new ChunkReader(), hex(bytes))).toThrow(words);
  });

  it('of more streams than anybody needs are refused', () => {
    const reader = new ChunkReader();
    const begin = (id: number): Buffer => Buffer.from([id, 0, 0, 0, 0, 0, 1, 8, 1, 0, 0, 0, 0xaf]);
    for (let id = 3; id < 19; id += 1) read(reader, begin(id));
    expect(() => read(reader, begin(19))).toThrow('more than 16 chunk streams');
  });

  it('of many unfinished messages are refused once they are as much as the largest one', () => {
    const reader = new ChunkReader();
    expect(() => {
      for (let turn = 0; turn < 2_000; turn += 1) {
        const id = 3 + (turn % 8);
        const begin =
          turn < 8 ? Buffer.from([id, 0, 0, 0, 0, 0xff, 0xff, 9, 1, 0, 0, 0]) : Buffer.of(0xc0 | id);
        read(reader, Buffer.concat([begin, Buffer.alloc(128)]));
      }
    }).toThrow(`more than ${messageLimits.commands} bytes of unfinished messages`);
  });

  it('are refused or read, and nothing else, whatever the bytes are', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 2_000, size: 'max' }), (bytes) => {
        try {
          read(new ChunkReader(), Buffer.from(bytes));
        } catch (cause) {
          expect(cause).toBeInstanceOf(RtmpError);
        }
      }),
      { numRuns: 500 },
    );
  });
});

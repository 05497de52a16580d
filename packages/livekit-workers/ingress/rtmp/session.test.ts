import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Amf0, decodeAmf0, encodeAmf0 } from '../../rtmp/amf0.ts';
import { ChunkReader, chunked } from '../../rtmp/chunks.ts';
import { RtmpError } from '../../rtmp/error.ts';
import { messageType } from '../../rtmp/message.ts';
import { type MediaMessage, type PublishRequest, RtmpSession } from './session.ts';

const handshake = Buffer.concat([Buffer.of(3), Buffer.alloc(1536, 1), Buffer.alloc(1536, 2)]);
const command = (...values: Amf0[]): Buffer =>
  chunked({ type: messageType.command, stream: 0, timestamp: 0, body: encodeAmf0(...values) }, 128);
const media = (type: number, body: string): Buffer =>
  chunked({ type, stream: 1, timestamp: 40, body: Buffer.from(body, 'hex') }, 128);
const connect = command('connect', 1, { app: 'live', tcUrl: 'rtmp://host/live' });
const publish = command('publish', 5, null, 'the-key', 'live');

/** A session, and all that it did. */
function open() {
  const sent: Buffer[] = [];
  const asked: PublishRequest[] = [];
  const got: MediaMessage[] = [];
  let ends = 0;
  const session = new RtmpSession({
    send: (bytes) => sent.push(bytes),
    publish: (request) => asked.push(request),
    media: (message) => got.push(message),
    end: () => {
      ends += 1;
    },
  });
  const commands = (): Amf0[][] => {
    const all = Buffer.concat(sent).subarray(1 + 2 * 1536);
    return [...new ChunkReader().read(all)]
      .filter(({ type }) => type === messageType.command)
      .map(({ body }) => decodeAmf0(body));
  };
  return { session, sent, asked, got, commands, ends: () => ends };
}

/** What the last command to the encoder said. */
const code = (commands: Amf0[][]): unknown =>
  (commands.at(-1)?.at(-1) as { code?: string } | undefined)?.code;

describe('a connection', () => {
  it('begins with a handshake that gives back what was sent', () => {
    const { session, sent } = open();
    session.read(handshake.subarray(0, 1537));
    const [answer] = sent;
    expect(answer?.[0]).toBe(3);
    expect(answer?.subarray(1537)).toEqual(handshake.subarray(1, 1537));
  });

  it('asks whether it may publish under the key that it names, and then sends', () => {
    const { session, asked, got, commands } = open();
    session.read(Buffer.concat([handshake, connect, command('createStream', 4, null), publish]));
    expect(asked).toEqual([{ app: 'live', key: 'the-key' }]);
    expect(commands().map(([name, id]) => [name, id])).toEqual([
      ['_result', 1],
      ['_result', 4],
    ]);
    session.accept();
    expect(code(commands())).toBe('NetStream.Publish.Start');
    session.read(media(messageType.audio, 'af00'));
    expect(got).toEqual([{ kind: 'audio', timestamp: 40, body: Buffer.from('af00', 'hex') }]);
  });

  it('can be read in any pieces', () => {
    const bytes = Buffer.concat([handshake, connect, publish]);
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 700 }), (size) => {
        const { session, asked } = open();
        for (let at = 0; at < bytes.length; at += size) session.read(bytes.subarray(at, at + size));
        expect(asked).toHaveLength(1);
      }),
      { numRuns: 30 },
    );
  });

  it('leaves out a query behind the key', () => {
    const { session, asked } = open();
    session.read(Buffer.concat([handshake, connect, command('publish', 5, null, 'the-key?a=b', 'live')]));
    expect(asked[0]?.key).toBe('the-key');
  });

  it('is told within the protocol that its stream is refused', () => {
    const { session, commands } = open();
    session.read(Buffer.concat([handshake, connect, publish]));
    session.refuse('unknown stream key');
    expect(commands().at(-1)?.at(-1)).toEqual({
      level: 'error',
      code: 'NetStream.Publish.BadName',
      description: 'unknown stream key',
    });
  });

  it('says when its stream is over, once', () => {
    const { session, ends } = open();
    session.read(Buffer.concat([handshake, connect, publish]));
    session.accept();
    session.read(
      Buffer.concat([command('FCUnpublish', 6, null, 'the-key'), command('deleteStream', 7, null, 1)]),
    );
    expect(ends()).toBe(1);
  });

  it('cannot play what others send', () => {
    const { session, commands } = open();
    session.read(Buffer.concat([handshake, connect, command('play', 5, null, 'the-key')]));
    expect(code(commands())).toBe('NetStream.Play.StreamNotFound');
  });

  it.each([
    ['something else than RTMP', Buffer.from('GET / HTTP/1.1\r\n'), 'version 71 of RTMP'],
    [
      'media that nobody accepted',
      Buffer.concat([handshake, connect, media(9, '17')]),
      'before a stream was accepted',
    ],
    ['a publish without a connect', Buffer.concat([handshake, publish]), 'a publish before a connect'],
    ['a second publish', Buffer.concat([handshake, connect, publish, publish]), 'or a second one'],
    ['a second connect', Buffer.concat([handshake, connect, connect]), 'a second connect'],
  ])('of %s is ended', (_, bytes, words) => {
    expect(() => open().session.read(bytes)).toThrow(words);
  });

  it('is read or ended, and nothing else, whatever comes behind the handshake', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 3_000, size: 'max' }), (bytes) => {
        try {
          open().session.read(Buffer.concat([handshake, connect, bytes]));
        } catch (cause) {
          expect(cause).toBeInstanceOf(RtmpError);
        }
      }),
      { numRuns: 300 },
    );
  });
});

import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { encodeAmf0 } from '../rtmp/amf0.ts';
import { Feed, type Layout } from './feed.ts';
import type { MediaMessage } from './rtmp/session.ts';

const message = (kind: MediaMessage['kind'], timestamp: number, hex: string): MediaMessage => ({
  kind,
  timestamp,
  body: Buffer.from(hex, 'hex'),
});
const metadata = (values: object): MediaMessage => ({
  kind: 'metadata',
  timestamp: 0,
  body: encodeAmf0('@setDataFrame', 'onMetaData', { ...values }),
});
const avcConfiguration = message('video', 0, '1700');
const aacConfiguration = message('audio', 0, 'af00');
const keyFrame = (timestamp: number) => message('video', timestamp, '1701');
const picture = (timestamp: number) => message('video', timestamp, '2701');
const sound = (timestamp: number) => message('audio', timestamp, 'af01');

/** A feed, and what it found. */
function open() {
  const layouts: Layout[] = [];
  let full = 0;
  const feed = new Feed({
    layout: (found) => layouts.push(found),
    full: () => (full += 1),
    drained: () => {},
  });
  return { feed, layouts, full: () => full };
}

/** Kinds and times of the tags in an FLV file. */
function tagsOf(bytes: Buffer): string[] {
  const found: string[] = [];
  for (let at = 13; at < bytes.length; at += 15 + bytes.readUIntBE(at + 1, 3)) {
    const kind = { 8: 'audio', 9: 'video', 18: 'metadata' }[bytes[at] ?? 0];
    found.push(`${kind} ${bytes.toString('hex', at + 11, at + 13)} ${bytes.readUIntBE(at + 4, 3)}`);
  }
  return found;
}

describe('what is in a stream', () => {
  it('is known as soon as both tracks have come', () => {
    const { feed, layouts } = open();
    feed.push(avcConfiguration);
    expect(layouts).toEqual([]);
    feed.push(aacConfiguration);
    expect(layouts).toEqual([{ audio: true, video: true }]);
  });

  it('is described by the configurations of its decoders, and its rate by the encoder', () => {
    const { feed, layouts } = open();
    feed.push(metadata({ videocodecid: 7, audiocodecid: 10, width: 320, height: 180, framerate: 29.5 }));
    // 640×360 at 30; one channel at 44100.
    const set = '6742c01eda0280bfe5c044000003000400000300f23c58ba80';
    feed.push(message('video', 0, `17000000000142c01effe10019${set}01000468ce0fc8`));
    feed.push(message('audio', 0, 'af00120856e500'));
    expect(layouts).toEqual([
      {
        ...{ audio: true, video: true, width: 640, height: 360, framesPerSecond: 29.5 },
        ...{ sampleRate: 44_100, channels: 1 },
      },
    ]);
  });

  it('is known at once where the encoder says that there is one track, and its size is taken over', () => {
    const { feed, layouts } = open();
    feed.push(metadata({ videocodecid: 7, width: 640, height: 360 }));
    feed.push(avcConfiguration);
    expect(layouts).toEqual([{ audio: false, video: true, width: 640, height: 360 }]);
  });

  it('is what came within a second, where the encoder says nothing', () => {
    const { feed, layouts } = open();
    feed.push(aacConfiguration);
    feed.push(sound(999));
    expect(layouts).toEqual([]);
    feed.push(sound(1_000));
    expect(layouts).toEqual([{ audio: true, video: false }]);
  });

  it.each([
    [message('video', 0, '1200'), 'video of FLV format 2, where H.264 (7) is supported'],
    [message('video', 0, '9068766331'), 'video of type hvc1, where H.264 is supported'],
    [message('audio', 0, '2f00'), 'audio of FLV format 2, where AAC (10) is supported'],
  ])('is refused where it cannot be decoded', (unsupported, words) => {
    expect(() => open().feed.push(unsupported)).toThrow(words);
  });
});

describe('the file that a reader gets', () => {
  it('begins with what the decoders must know, and then with the last whole picture', () => {
    const { feed } = open();
    for (const sent of [metadata({ width: 640 }), avcConfiguration, aacConfiguration]) feed.push(sent);
    for (const sent of [keyFrame(0), picture(33), keyFrame(100), sound(110)]) feed.push(sent);
    const output = new PassThrough();
    feed.attach(output);
    for (const sent of [picture(133), sound(140)]) feed.push(sent);
    const bytes = output.read() as Buffer;
    expect(bytes.subarray(0, 5)).toEqual(Buffer.from('FLV\x01\x05', 'latin1'));
    expect(tagsOf(bytes)).toEqual([
      'metadata 0200 0',
      'video 1700 0',
      'audio af00 0',
      'video 1701 100',
      'audio af01 110',
      'video 2701 133',
      'audio af01 140',
    ]);
  });

  it('waits for a whole picture where there was none', () => {
    const { feed } = open();
    for (const sent of [avcConfiguration, aacConfiguration, picture(0)]) feed.push(sent);
    const output = new PassThrough();
    feed.attach(output);
    for (const sent of [picture(33), sound(40), keyFrame(66), sound(80)]) feed.push(sent);
    expect(tagsOf(output.read() as Buffer)).toEqual([
      'video 1700 0',
      'audio af00 0',
      'video 1701 66',
      'audio af01 80',
    ]);
  });

  it('has sound at once where there is no picture', () => {
    const { feed } = open();
    for (const sent of [metadata({ audiocodecid: 10 }), aacConfiguration]) feed.push(sent);
    const output = new PassThrough();
    feed.attach(output);
    feed.push(sound(40));
    expect(tagsOf(output.read() as Buffer)).toEqual(['metadata 0200 0', 'audio af00 0', 'audio af01 40']);
  });

  it('begins anew for the next reader', () => {
    const { feed } = open();
    for (const sent of [avcConfiguration, aacConfiguration, keyFrame(0)]) feed.push(sent);
    feed.attach(new PassThrough());
    feed.push(picture(33));
    feed.detach();
    feed.push(picture(66));
    const second = new PassThrough();
    feed.attach(second);
    expect(tagsOf(second.read() as Buffer)).toEqual([
      'video 1700 0',
      'audio af00 0',
      'video 1701 0',
      'video 2701 33',
      'video 2701 66',
    ]);
  });

  it('is not kept from the reader by what would be too much to remember', () => {
    const { feed } = open();
    for (const sent of [avcConfiguration, aacConfiguration, keyFrame(0)]) feed.push(sent);
    const large = {
      ...picture(33),
      body: Buffer.concat([Buffer.from('2701', 'hex'), Buffer.alloc(9_000_000)]),
    };
    const first = new PassThrough();
    feed.attach(first);
    for (const sent of [large, picture(66)]) feed.push(sent);
    first.resume();
    feed.detach();
    const second = new PassThrough();
    feed.attach(second);
    feed.push(picture(100));
    expect(tagsOf(second.read() as Buffer)).toEqual(['video 1700 0', 'audio af00 0']);
  });

  it('slows the encoder where the reader is behind', () => {
    const { feed, full } = open();
    for (const sent of [avcConfiguration, aacConfiguration]) feed.push(sent);
    feed.attach(new PassThrough({ highWaterMark: 200 }));
    for (let time = 0; time < 40; time += 1) feed.push(keyFrame(time));
    expect(full()).toBeGreaterThan(0);
  });
});

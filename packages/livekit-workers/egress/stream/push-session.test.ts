import { describe, expect, it } from 'vitest';
import { type MediaMessage, type PublishRequest, RtmpSession } from '../../ingress/rtmp/session.ts';
import { FlvReader } from './flv-reader.ts';
import { PushSession } from './push-session.ts';
import { parseTarget } from './target.ts';

const target = parseTarget('rtmp://host/app/the-key');

/** A publisher and the ingress worker's server, joined. */
function joined(decide: 'accept' | 'refuse') {
  const told: string[] = [];
  const asked: PublishRequest[] = [];
  const got: MediaMessage[] = [];
  const queue: (() => void)[] = [];
  const run = (): void => {
    for (let next = queue.shift(); next; next = queue.shift()) next();
  };
  const server: RtmpSession = new RtmpSession({
    send: (bytes) => void queue.push(() => client.read(bytes)),
    publish: (request) => {
      asked.push(request);
      if (decide === 'accept') server.accept();
      else server.refuse('the-key is not known');
    },
    media: (message) => got.push(message),
    end: () => told.push('server: end'),
  });
  const client: PushSession = new PushSession({
    target,
    events: {
      send: (bytes) => void queue.push(() => server.read(bytes)),
      live: () => told.push('live'),
      refused: (reason) => told.push(`refused: ${reason}`),
    },
  });
  client.begin();
  run();
  return { client, run, told, asked, got };
}

describe('a publisher', () => {
  it('is taken by a server, and sends pictures of any size and time', () => {
    const { client, run, told, asked, got } = joined('accept');
    expect(told).toEqual(['live']);
    expect(asked).toEqual([{ app: 'app', key: 'the-key' }]);
    const body = Buffer.alloc(20_000, 7);
    client.media({ type: 9, timestamp: 20_000_000, body });
    client.media({ type: 8, timestamp: 20_000_001, body: Buffer.of(0xaf, 1) });
    run();
    expect(got.map(({ kind, timestamp, body: { length } }) => [kind, timestamp, length])).toEqual([
      ['video', 20_000_000, 20_000],
      ['audio', 20_000_001, 2],
    ]);
    client.end();
    run();
    expect(told).toEqual(['live', 'server: end']);
  });

  it('is told that it is refused, without its key', () => {
    expect(joined('refuse').told).toEqual(['refused: NetStream.Publish.BadName: … is not known']);
  });

  it('knows what does not speak RTMP at its first byte', () => {
    const { client } = joined('accept');
    const fresh = new PushSession({
      target,
      events: { send: () => {}, live: () => {}, refused: () => {} },
    });
    expect(() => fresh.read(Buffer.from('HTTP/1.1 400'))).toThrow('does not speak RTMP');
    expect(client).toBeDefined();
  });
});

describe('tags of FLV', () => {
  it('are read in whatever pieces they come', () => {
    const header = Buffer.from('464c5601050000000900000000', 'hex');
    const tag = Buffer.concat([
      Buffer.from('090000030000210100000017010205'.slice(0, 22), 'hex'),
      Buffer.of(0x17, 1, 2),
      Buffer.alloc(4),
    ]);
    const all = Buffer.concat([header, tag, tag]);
    for (const size of [1, 7, all.length]) {
      const reader = new FlvReader();
      const tags = [];
      for (let at = 0; at < all.length; at += size) tags.push(...reader.read(all.subarray(at, at + size)));
      expect(tags).toEqual([
        { type: 9, timestamp: 0x1000021, body: Buffer.of(0x17, 1, 2) },
        { type: 9, timestamp: 0x1000021, body: Buffer.of(0x17, 1, 2) },
      ]);
    }
  });
});

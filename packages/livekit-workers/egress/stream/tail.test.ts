import { describe, expect, it } from 'vitest';
import type { FlvTag } from './flv-reader.ts';
import { Tail } from './tail.ts';

const tag = (type: number, bytes: string, timestamp: number): FlvTag => ({
  type,
  timestamp,
  body: Buffer.from(bytes, 'hex'),
});
const description = tag(18, '02', 0);
const pictures = tag(9, '1700', 0);
const sounds = tag(8, 'af00', 0);
const key = (at: number) => tag(9, '1701', at);
const delta = (at: number) => tag(9, '2701', at);
const sound = (at: number) => tag(8, 'af01', at);
const preamble = [description, pictures, sounds];

/** What comes out, as times and first bytes. */
const taken = (tail: Tail, ...tags: FlvTag[]) =>
  tags.flatMap((each) =>
    tail.take(each).map(({ timestamp, body }) => `${timestamp} ${body.toString('hex')}`),
  );

describe('what a receiver gets', () => {
  it('who comes late begins with what a decoder needs, and the next whole picture', () => {
    const tail = new Tail({ video: true, preamble });
    expect(taken(tail, sound(5_000), delta(5_010), key(5_033), sound(5_040), delta(5_066))).toEqual([
      ...['0 02', '0 1700', '0 af00', '0 1701', '7 af01', '33 2701'],
    ]);
  });

  it('of sound alone begins at once', () => {
    const tail = new Tail({ video: false, preamble: [sounds] });
    expect(taken(tail, sound(5_000), sound(5_023))).toEqual(['0 af00', '0 af01', '23 af01']);
  });

  it('who was there before anything came has it remembered', () => {
    const tail = new Tail({ video: true, preamble: [] });
    for (const each of preamble) tail.pass(each);
    expect(taken(tail, key(100))).toEqual(['0 02', '0 1700', '0 af00', '0 1701']);
  });

  it('who was too slow goes on with a whole picture, at its time', () => {
    const tail = new Tail({ video: true, preamble: [pictures] });
    taken(tail, key(100), delta(133));
    tail.skip();
    expect(taken(tail, delta(166), key(200))).toEqual(['100 1700', '100 1701']);
  });

  it('who connects again begins again', () => {
    const tail = new Tail({ video: true, preamble: [pictures] });
    taken(tail, key(100), delta(133));
    tail.restart();
    expect(taken(tail, delta(166), key(200))).toEqual(['0 1700', '0 1701']);
  });
});

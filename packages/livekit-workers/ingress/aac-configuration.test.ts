import { describe, expect, it } from 'vitest';
import { soundIn } from './aac-configuration.ts';

const ofHex = (hex: string) => soundIn(Buffer.from(hex, 'hex'));

describe('the sound of an AAC stream', () => {
  // As ffmpeg writes them, but the last three, which are put together by hand.
  it.each([
    ['one channel', '120856e500', { sampleRate: 44_100, channels: 1 }],
    ['two channels', '119056e500', { sampleRate: 48_000, channels: 2 }],
    ['six channels', '11b056e500', { sampleRate: 48_000, channels: 6 }],
    ['half the rate', '139056e500', { sampleRate: 22_050, channels: 2 }],
    ['a rate that an extension doubles', '2b118800', { sampleRate: 48_000, channels: 2 }],
    ['a rate of its own', '178057e410', { sampleRate: 45_000, channels: 2 }],
  ])('may be of %s', (_, hex, sound) => {
    expect(ofHex(hex)).toEqual(sound);
  });

  it.each(['', '12', '1200', '1788'])('is not known where its configuration does not say: "%s"', (hex) => {
    expect(ofHex(hex)).toBeUndefined();
  });
});

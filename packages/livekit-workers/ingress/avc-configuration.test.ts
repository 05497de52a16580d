import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pictureIn } from './avc-configuration.ts';

const ofHex = (hex: string) => pictureIn(Buffer.from(hex, 'hex'));

describe('the picture of an H.264 stream', () => {
  // As x264 writes them.
  it.each([
    [
      'is as large as it says, at its rate',
      '0142c01effe100196742c01eda0280bfe5c044000003000400000300f23c58ba8001000468ce0fc8',
      { width: 640, height: 360, framesPerSecond: 30 },
    ],
    [
      'may have pixels that are no squares',
      '0164001effe100196764001eacd940b4126c1040000003004000000c83c58b658001000668ebe3cb22c0fdf8f800',
      { width: 720, height: 576, sampleAspect: 16 / 11, framesPerSecond: 25 },
    ],
    [
      'may have pixels of a shape of its own, and all of its colours',
      '01f4001fffe1001d67f4001f919b281b07bc5dffe001200042000007d20001d4c01e30632c01000668ebe3c44844fff8f800',
      { width: 854, height: 478, sampleAspect: 4.5, framesPerSecond: 30_000 / 1_001 },
    ],
    [
      'may be interlaced, and quantized in a way of its own',
      '017a0028ffe1001b677a0028bcd94078044fcb808800000300080000030190f8b16cb001000768fba3cb3002c0fef8f800',
      { width: 1920, height: 1080, framesPerSecond: 25 },
    ],
  ])('%s', (_, hex, picture) => {
    const { framesPerSecond, ...size } = ofHex(hex) ?? {};
    const { framesPerSecond: expected, ...expectedSize } = picture;
    expect(size).toEqual(expectedSize);
    expect(framesPerSecond).toBeCloseTo(expected, 6);
  });

  it('is not known where the configuration is cut off, or none', () => {
    expect(ofHex('0142c01effe100196742c01e')).toBeUndefined();
    expect(ofHex('')).toBeUndefined();
  });

  it('is of a size, or not known, whatever strangers send', () => {
    const head = Buffer.from('0142c01effe10040', 'hex');
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 80 }), (bytes) => {
        const picture = pictureIn(Buffer.concat([head, bytes]));
        if (!picture) return;
        expect(picture.width).toBeGreaterThanOrEqual(2);
        expect(picture.height).toBeGreaterThanOrEqual(2);
        for (const value of Object.values(picture)) expect(Number.isFinite(value)).toBe(true);
      }),
    );
  });
});

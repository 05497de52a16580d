import {
  IngressVideoEncodingOptions,
  IngressVideoEncodingPreset,
  IngressVideoOptions,
  VideoLayer,
} from '@livekit/protocol';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { askedPicture } from './asked-picture.ts';
import { inSquarePixels, pictureOf } from './picture.ts';

const published = (width?: number, height?: number, video?: IngressVideoOptions) =>
  pictureOf({ size: width && height ? { width, height } : {}, asked: askedPicture(video) });
const options = (value: Partial<IngressVideoEncodingOptions>): IngressVideoOptions =>
  new IngressVideoOptions({
    encodingOptions: { case: 'options', value: new IngressVideoEncodingOptions(value) },
  });

describe('the published picture', () => {
  it.each([
    ['a small one stays as it is', [640, 360], [640, 360]],
    ['a large one becomes 720p', [1920, 1080], [1280, 720]],
    ['a tall one fits too', [1080, 1920], [406, 720]],
    ['odd lengths become even', [853, 479], [854, 480]],
    ['one of unknown size gets the whole canvas', [], [1280, 720]],
  ])('%s', (_, [width, height], expected) => {
    const picture = published(width, height);
    expect([picture.width, picture.height]).toEqual(expected);
  });

  it.each([
    ['PAL, wide', { width: 720, height: 576, sampleAspect: 16 / 11 }, [1048, 576]],
    ['NTSC', { width: 720, height: 480, sampleAspect: 10 / 11 }, [720, 528]],
    ['narrow ones', { width: 640, height: 360, sampleAspect: 0.5 }, [640, 720]],
    ['1440×1080, wide', { width: 1440, height: 1080, sampleAspect: 4 / 3 }, [1280, 720]],
    ['a line', { width: 640, height: 360, sampleAspect: 65_535 }, [1280, 2]],
  ])('has pixels that are squares, whatever came: %s', (_, picture, expected) => {
    const { width, height } = pictureOf({ size: inSquarePixels(picture), asked: askedPicture(undefined) });
    expect([width, height]).toEqual(expected);
  });

  it('is what the ingress asks for, by a preset or in figures', () => {
    const preset = new IngressVideoOptions({
      encodingOptions: { case: 'preset', value: IngressVideoEncodingPreset.H264_540P_25FPS_2_LAYERS },
    });
    expect(published(1920, 1080, preset)).toEqual({
      width: 960,
      height: 540,
      framesPerSecond: 25,
    });
    const layers = [new VideoLayer({ width: 320, height: 180 }), new VideoLayer({ width: 640, height: 360 })];
    expect(published(1920, 1080, options({ frameRate: 15, layers }))).toEqual({
      width: 640,
      height: 360,
      framesPerSecond: 15,
    });
  });

  it('is even, not empty and never larger than 1920×1080 at 60, whatever is said and asked for', () => {
    const length = fc.double({ min: 2, max: 1e9, noNaN: true });
    fc.assert(
      fc.property(
        length,
        length,
        fc.double({ min: -1, max: 1e6, noNaN: true }),
        fc.nat(1e6),
        (width, height, frameRate, asked) => {
          const layers = [new VideoLayer({ width: asked, height: asked })];
          const picture = published(width, height, options({ frameRate, layers }));
          for (const [value, most] of [
            [picture.width, 1920],
            [picture.height, 1080],
          ] as const) {
            expect(value % 2).toBe(0);
            expect(value).toBeGreaterThanOrEqual(2);
            expect(value).toBeLessThanOrEqual(most);
          }
          expect(picture.framesPerSecond).toBeLessThanOrEqual(60);
          expect(picture.framesPerSecond).toBeGreaterThan(0);
        },
      ),
    );
  });
});

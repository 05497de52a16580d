import { IngressVideoEncodingPreset, IngressVideoOptions, InputVideoState } from '@livekit/protocol';
import { describe, expect, it } from 'vitest';
import { costBefore, costOnceLive } from './cost.ts';

const fullHd = new IngressVideoOptions({
  encodingOptions: { case: 'preset', value: IngressVideoEncodingPreset.H264_1080P_30FPS_1_LAYER },
});
const video = (width: number, height: number) => ({ video: new InputVideoState({ width, height }) });

describe('what a stream costs', () => {
  it('is at first what the largest that is asked for would cost', () => {
    expect(costBefore({})).toBeCloseTo(0.65, 1);
    expect(costBefore({ video: fullHd })).toBeGreaterThan(1.2);
  });

  it('is what was measured, once it is known how large it is', () => {
    expect(costOnceLive({}, video(640, 360))).toBeCloseTo(0.29, 1);
    expect(costOnceLive({}, video(1280, 720))).toBeCloseTo(0.65, 1);
  });

  it('is no more than what is asked for, however large it is', () => {
    expect(costOnceLive({}, video(3840, 2160))).toBe(costBefore({}));
    expect(costOnceLive({}, video(0, 0))).toBe(costBefore({}));
  });

  it('is little where there is only sound', () => {
    expect(costOnceLive({ video: fullHd }, {})).toBeLessThan(0.2);
  });
});

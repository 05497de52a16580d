import { describe, expect, it } from 'vitest';
import { contentsIn, isWhole } from './contents.ts';

const head = `#extradata 0:       38, 0xdba80a7e
#software: Lavf59.27.100
#tb 0: 1/15360
#media_type 0: video
#codec_id 0: h264
#dimensions 0: 640x360
#sar 0: 1/1
#tb 1: 1/44100
#media_type 1: audio
#codec_id 1: aac
#sample_rate 1: 44100
#channel_layout_name 1: mono
0,      -1024,          0,      512,     8810, 0x5275b790
1,      -1024,      -1024,     1024,      258, 0x2c5b786a
`;

describe('what is in a stream', () => {
  it('is read from what ffmpeg says of it', () => {
    expect(contentsIn(head)).toEqual({
      audio: { codec: 'aac', sampleRate: 44_100, channels: 1 },
      video: { codec: 'h264', width: 640, height: 360, framesPerSecond: 30 },
    });
  });

  it('may be sound alone', () => {
    const sound = '#tb 0: 1/44100\n#media_type 0: audio\n#codec_id 0: mp3\n#sample_rate 0: 48000\n';
    expect(contentsIn(sound)).toEqual({ audio: { codec: 'mp3', sampleRate: 48_000, channels: 0 } });
  });

  it.each([
    ['mono', 1],
    ['stereo', 2],
    ['quad', 4],
    ['5.1(side)', 6],
    ['7.1', 8],
    ['3 channels', 3],
  ])('may be heard from all around: %s', (layout, channels) => {
    const sound = head.replace('mono', layout);
    expect(contentsIn(sound).audio).toMatchObject({ channels });
  });

  it.each([
    ['1/30000', 1001, 30_000 / 1_001],
    ['1/90000', 3600, 25],
    // Matroska's milliseconds.
    ['1/1000', 33, 30],
    ['1/1000', 17, 60],
    ['1/1000', 80, 12.5],
    ['1/1000', 0, undefined],
    ['1/90000', 1, undefined],
  ])('comes at the rate of its first picture: units of %s, %i of them', (unit, length, rate) => {
    const timed = head.replace('1/15360', unit).replace(' 512,', ` ${length},`);
    expect(contentsIn(timed).video?.framesPerSecond).toBe(rate);
  });

  it('has been said when its first picture has come', () => {
    const lines = head.split(/(?<=\n)/);
    const shortest = lines.findIndex((_, count) => isWhole(lines.slice(0, count).join('')));
    expect(lines[shortest - 1]).toContain('0x5275b790');
    const sound = '#tb 0: 1/44100\n#media_type 0: audio\n';
    expect([isWhole('#tb 0: 1/44100\n'), isWhole(sound)]).toEqual([false, true]);
  });

  it('may have pixels that are no squares', () => {
    const wide = head.replace('#sar 0: 1/1', '#sar 0: 16/11');
    expect(contentsIn(wide).video).toMatchObject({ width: 640, sampleAspect: 16 / 11 });
    const unknown = head.replace('#sar 0: 1/1', '#sar 0: 0/1');
    expect(contentsIn(unknown).video).not.toHaveProperty('sampleAspect');
  });

  it('has no picture where it has no size', () => {
    const picture = '#media_type 0: video\n#codec_id 0: h264\n#dimensions 0: 0x0\n';
    expect(() => contentsIn(picture)).toThrow('neither sound nor picture');
  });

  it('may be nothing that can be published', () => {
    expect(() => contentsIn('#software: Lavf59.27.100\n')).toThrow('neither sound nor picture');
  });
});

import { describe, expect, it } from 'vitest';
import { contentsIn } from './contents.ts';

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
1,      -1024,      -1024,     1024,      258, 0x2c5b786a
`;

describe('what is in a stream', () => {
  it('is read from what ffmpeg says of it', () => {
    expect(contentsIn(head)).toEqual({
      audio: { codec: 'aac', sampleRate: 44_100 },
      video: { codec: 'h264', width: 640, height: 360 },
    });
  });

  it('may be sound alone', () => {
    const sound = '#tb 0: 1/44100\n#media_type 0: audio\n#codec_id 0: mp3\n#sample_rate 0: 48000\n';
    expect(contentsIn(sound)).toEqual({ audio: { codec: 'mp3', sampleRate: 48_000 } });
  });

  it('has no picture where it has no size', () => {
    const picture = '#media_type 0: video\n#codec_id 0: h264\n#dimensions 0: 0x0\n';
    expect(() => contentsIn(picture)).toThrow('neither sound nor picture');
  });

  it('may be nothing that can be published', () => {
    expect(() => contentsIn('#software: Lavf59.27.100\n')).toThrow('neither sound nor picture');
  });
});

import { describe, expect, it } from 'vitest';
import { encoderArguments, finishArguments } from './encoder.ts';
import { encodingOf } from './encoding.ts';

const encoding = encodingOf({ case: undefined });
const line = (options: Partial<Parameters<typeof encoderArguments>[0]>): string =>
  encoderArguments({ audio: true, video: true, container: 'mp4', encoding, file: 'a', ...options }).join(' ');

describe('the encoder', () => {
  it('makes an MP4 that can be read before it is finished', () => {
    expect(line({})).toContain('-movflags +frag_keyframe+empty_moov+default_base_moof');
    expect(line({})).toMatch(/-f mp4 a$/);
  });

  it('fits pictures of any size into the canvas', () => {
    expect(line({})).toContain('-f image2pipe -c:v pgmyuv -framerate 30');
    expect(line({})).toContain('scale=1280:720:force_original_aspect_ratio=decrease');
    expect(line({})).toContain('pad=1280:720:-1:-1');
  });

  it('has sound as its first input where there are no pictures', () => {
    const sound = line({ video: false, container: 'ogg', encoding: { ...encoding, audioCodec: 'opus' } });
    expect(sound).toContain('-map 0:a:0 -c:a libopus -ar 48000');
    expect(sound).not.toContain('libx264');
  });

  it('has no sound where there is none', () => {
    expect(line({ audio: false })).not.toContain('s16le');
  });

  it('finishes an MP4 so that players can seek before they have all of it', () => {
    expect(finishArguments({ from: 'a', to: 'b', container: 'mp4' }).join(' ')).toContain(
      '-c copy -movflags +faststart -f mp4 b',
    );
  });
});

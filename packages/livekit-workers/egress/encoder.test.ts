import { describe, expect, it } from 'vitest';
import { encoderArguments, finishArguments } from './encoder.ts';
import { encodingOf } from './encoding.ts';

const encoding = encodingOf({ case: undefined });
const line = (options: Partial<Parameters<typeof encoderArguments>[0]>): string =>
  encoderArguments({
    ...{ audio: true, video: true, encoding, outputs: [{ kind: 'file', container: 'mp4' }] },
    ...options,
  }).join(' ');

describe('the encoder', () => {
  it('makes an MP4 that can be read before it is finished', () => {
    expect(line({})).toContain('-movflags +frag_keyframe+empty_moov+default_base_moof');
    expect(line({})).toMatch(/-f mp4 recording\.part$/);
  });

  it('fits pictures of any size into the canvas', () => {
    expect(line({})).toContain('-f image2pipe -c:v pgmyuv -framerate 30');
    expect(line({})).toContain('scale=1280:720:force_original_aspect_ratio=decrease');
    expect(line({})).toContain('pad=1280:720:-1:-1');
  });

  it('has sound as its first input where there are no pictures', () => {
    const sound = line({
      ...{ video: false, encoding: { ...encoding, audioCodec: 'opus' } },
      outputs: [{ kind: 'file', container: 'ogg' }],
    });
    expect(sound).toContain('-map 0:a:0 -c:a libopus -ar 48000');
    expect(sound).not.toContain('libx264');
  });

  it('has no sound where there is none', () => {
    expect(line({ audio: false })).not.toContain('s16le');
  });

  it('cuts segments where they are to end, and tells of each', () => {
    const segments = line({ outputs: [{ kind: 'segments', seconds: 6 }] });
    expect(segments).toContain('-force_key_frames expr:gte(t,n_forced*6)');
    expect(segments).toMatch(/-segment_list pipe:5 -f segment segments\/%05d\.ts$/);
  });

  it('encodes once for all outputs', () => {
    const all = line({
      outputs: [{ kind: 'file', container: 'mp4' }, { kind: 'segments', seconds: 4 }, { kind: 'stream' }],
    });
    expect(all.match(/libx264/g)).toHaveLength(1);
    expect(all).toContain('-flags +global_header -f tee [f=mp4:movflags=');
    expect(all).toContain(
      'segment_list=pipe\\\\:5]segments/%05d.ts|[f=flv:flvflags=no_duration_filesize:flush_packets=1]pipe:6',
    );
  });

  it('finishes an MP4 so that players can seek before they have all of it', () => {
    expect(finishArguments({ from: 'a', to: 'b', container: 'mp4' }).join(' ')).toContain(
      '-c copy -movflags +faststart -f mp4 b',
    );
  });
});

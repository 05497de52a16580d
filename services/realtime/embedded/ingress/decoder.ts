import type { Layout } from './feed.ts';
import type { Picture } from './picture.ts';

/** Samples of audio a second and channel, as WebRTC has them. */
export const sampleRate = 48_000;
export const channelCount = 2;

/**
 * ffmpeg's arguments: an FLV file from standard input; out come pictures on descriptor 1 and audio on descriptor 3, both raw and of a
 * constant rate from the stream's time 0 on, so that how much has come says when it is to be shown.
 */
export function decoderArguments(options: { layout: Layout; picture: Picture }): string[] {
  const { layout, picture } = options;
  const { width, height, framesPerSecond } = picture;
  const input = [
    ['-hide_banner', '-loglevel', 'error', '-nostdin'],
    // Nothing in a stream makes it open a file or an address.
    ['-protocol_whitelist', 'pipe'],
    // A live stream: no look ahead beyond what tells the tracks, and no frames kept back for more threads.
    ['-fflags', 'nobuffer', '-flags', 'low_delay', '-analyzeduration', '500000', '-threads', '1'],
    ['-f', 'flv', '-i', 'pipe:0'],
  ].flat();
  const filters = [
    `fps=fps=${framesPerSecond}:start_time=0`,
    `scale=${width}:${height}:force_original_aspect_ratio=decrease:flags=fast_bilinear`,
    `pad=${width}:${height}:-1:-1`,
    'format=yuv420p',
  ].join(',');
  const video = layout.video ? ['-map', '0:v:0', '-vf', filters, '-f', 'rawvideo', 'pipe:1'] : [];
  const resampled = `aresample=${sampleRate}:async=1:first_pts=0`;
  const audio = layout.audio
    ? ['-map', '0:a:0', '-af', resampled, '-ac', String(channelCount), '-f', 's16le', 'pipe:3']
    : [];
  return [...input, ...video, ...audio];
}

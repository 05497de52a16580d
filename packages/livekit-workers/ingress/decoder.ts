import type { Picture } from './picture.ts';

/** Samples of audio a second and channel, as WebRTC has them. */
export const sampleRate = 48_000;
export const channelCount = 2;

/** Decoders that what is pulled may need: each is something to attack. What encoders send over RTMP is H.264 and AAC. */
const pulledCodecs = [
  ['h264', 'hevc', 'vp8', 'vp9', 'libdav1d', 'libaom-av1', 'av1', 'mpeg4', 'mpeg2video'],
  ['aac', 'mp3', 'mp3float', 'opus', 'libopus', 'vorbis', 'flac', 'ac3', 'eac3', 'pcm_s16le', 'pcm_s24le'],
].flat();

/** A picture of more would be many times what is published, and its memory with it: 3840×2160. */
const largestInput = 3840 * 2160;

/**
 * ffmpeg's arguments: an FLV or NUT file from standard input; out come pictures on descriptor 1 and audio on descriptor 3, both raw
 * and of a constant rate from the stream's time 0 on, so that how much has come says when it is to be shown.
 */
export function decoderArguments(options: {
  format: 'flv' | 'nut';
  layout: { audio: boolean; video: boolean };
  picture: Picture;
}): string[] {
  const { format, layout, picture } = options;
  const { width, height, framesPerSecond } = picture;
  const codecs = format === 'flv' ? ['h264', 'aac'] : pulledCodecs;
  const input = [
    ['-hide_banner', '-loglevel', 'error', '-nostdin'],
    // Nothing in a stream makes it open a file or an address.
    ['-protocol_whitelist', 'pipe', '-codec_whitelist', codecs.join(',')],
    ['-max_pixels', String(largestInput)],
    // A live stream: no look ahead beyond what tells the tracks, and no frames kept back for more threads. Not `nobuffer`,
    // which throws away what was looked at, and with it the picture that all others up to the next whole one refer to.
    ['-flags', 'low_delay', '-analyzeduration', '500000', '-threads', '1'],
    ['-f', format, '-i', 'pipe:0'],
  ].flat();
  // As large as the canvas takes it. Not `force_original_aspect_ratio`, to which every pixel is a square.
  const wide = `max(2,round(min(${width},${height}*dar)))`;
  const high = `max(2,round(min(${height},${width}/dar)))`;
  const filters = [
    `fps=fps=${framesPerSecond}:start_time=0`,
    `scale=w='${wide}':h='${high}':flags=fast_bilinear`,
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

import type { Container, Encoding } from './recording.ts';

/** Samples of audio a second and channel, as WebRTC has them. */
export const sampleRate = 48_000;
export const channelCount = 2;

/** Descriptors of the encoder's process that take pictures and sound. */
export const inputs = { video: 3, audio: 4 } as const;

/** What a container is called by ffmpeg. */
const formats: Readonly<Record<Container, string>> = { mp4: 'mp4', ogg: 'ogg', webm: 'webm', mp3: 'mp3' };

/**
 * ffmpeg's arguments: pictures of any size (`pictures.ts`) and raw sound, both of a constant rate, into a file that can be read
 * even where it has no end, because whoever wrote it was killed.
 */
export function encoderArguments(options: {
  audio: boolean;
  video: boolean;
  container: Container;
  encoding: Encoding;
  file: string;
}): string[] {
  const { audio, video, container, encoding, file } = options;
  const { width, height, framesPerSecond } = encoding;
  const arguments_ = ['-hide_banner', '-loglevel', 'error', '-nostdin', '-y'];
  if (video)
    arguments_.push(
      ...['-f', 'image2pipe', '-c:v', 'pgmyuv', '-framerate', String(framesPerSecond)],
      ...['-thread_queue_size', '64', '-i', `pipe:${inputs.video}`],
    );
  if (audio)
    arguments_.push(
      ...['-f', 's16le', '-ar', String(sampleRate), '-ac', String(channelCount)],
      ...['-thread_queue_size', '512', '-i', `pipe:${inputs.audio}`],
    );
  if (video) {
    const filters = [
      `scale=${width}:${height}:force_original_aspect_ratio=decrease:flags=bilinear`,
      `pad=${width}:${height}:-1:-1`,
      'setsar=1',
      'format=yuv420p',
    ].join(',');
    arguments_.push('-map', '0:v:0', '-vf', filters, ...videoCodec(encoding));
  }
  if (audio) arguments_.push('-map', `${video ? 1 : 0}:a:0`, ...audioCodec(encoding));
  if (container === 'mp4')
    arguments_.push('-movflags', '+frag_keyframe+empty_moov+default_base_moof', '-flush_packets', '1');
  return [...arguments_, '-f', formats[container], file];
}

function videoCodec(encoding: Encoding): string[] {
  const { framesPerSecond, keyFrameInterval, videoBitrate } = encoding;
  const rate = [
    '-b:v',
    `${videoBitrate}k`,
    '-maxrate',
    `${videoBitrate}k`,
    '-bufsize',
    `${videoBitrate * 2}k`,
  ];
  const keys = ['-g', String(Math.max(1, Math.round(framesPerSecond * keyFrameInterval)))];
  switch (encoding.videoCodec) {
    case 'h264':
      return ['-c:v', 'libx264', '-preset', 'veryfast', '-profile:v', encoding.h264Profile, ...rate, ...keys];
    case 'vp8':
      return ['-c:v', 'libvpx', '-deadline', 'realtime', '-cpu-used', '8', ...rate, ...keys];
  }
}

function audioCodec(encoding: Encoding): string[] {
  const rate = ['-b:a', `${encoding.audioBitrate}k`];
  switch (encoding.audioCodec) {
    case 'aac':
      return ['-c:a', 'aac', '-ar', String(encoding.audioFrequency), ...rate];
    case 'opus':
      // Opus has no other rates than those that divide this one.
      return ['-c:a', 'libopus', '-ar', String(sampleRate), ...rate];
    case 'mp3':
      return ['-c:a', 'libmp3lame', '-ar', String(encoding.audioFrequency), ...rate];
  }
}

/** ffmpeg's arguments: the finished recording, which every player can seek in, out of the one that was written as it came. */
export function finishArguments(options: { from: string; to: string; container: Container }): string[] {
  const { from, to, container } = options;
  const quiet = ['-hide_banner', '-loglevel', 'error', '-nostdin', '-y'];
  const seekable = container === 'mp4' ? ['-movflags', '+faststart'] : [];
  return [...quiet, '-i', from, '-map', '0', '-c', 'copy', ...seekable, '-f', formats[container], to];
}

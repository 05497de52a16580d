import type { Container, Encoding } from './recording.ts';
import { scratchNames } from './scratch.ts';

/** Samples of audio a second and channel, as WebRTC has them. */
export const sampleRate = 48_000;
export const channelCount = 2;

/** Descriptors of the encoder's process that take pictures and sound. */
export const inputs = { video: 3, audio: 4 } as const;
/** Those that tell of finished segments, and give the stream. */
export const outlets = { segments: 5, stream: 6 } as const;

/** What the encoder makes, all of it of one and the same encoding; paths are those in its folder. */
export type EncoderOutput =
  | { kind: 'file'; container: Container }
  /** Length in seconds. */
  | { kind: 'segments'; seconds: number }
  | { kind: 'stream' };

/** What a container is called by ffmpeg. */
const formats: Readonly<Record<Container, string>> = { mp4: 'mp4', ogg: 'ogg', webm: 'webm', mp3: 'mp3' };

/**
 * ffmpeg's arguments: pictures of any size (`pictures.ts`) and raw sound, both of a constant rate, into what is asked for. A file
 * can be read even where it has no end, because whoever wrote it was killed.
 */
export function encoderArguments(options: {
  audio: boolean;
  video: boolean;
  encoding: Encoding;
  outputs: readonly EncoderOutput[];
}): string[] {
  const { audio, video, encoding, outputs } = options;
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
    arguments_.push('-map', '0:v:0', '-vf', filters, ...videoCodec(encoding), ...cuts(outputs));
  }
  if (audio) arguments_.push('-map', `${video ? 1 : 0}:a:0`, ...audioCodec(encoding));
  return [...arguments_, ...muxers(outputs.map(muxerOf))];
}

type Muxer = { format: string; options: Readonly<Record<string, string>>; to: string };

function muxerOf(output: EncoderOutput): Muxer {
  switch (output.kind) {
    case 'file':
      return {
        format: formats[output.container],
        options: fileOptions(output.container),
        to: scratchNames.part,
      };
    case 'segments':
      return {
        format: 'segment',
        options: {
          segment_format: 'mpegts',
          segment_time: String(output.seconds),
          // A line for each segment as soon as it is finished.
          segment_list_type: 'csv',
          segment_list: `pipe:${outlets.segments}`,
        },
        to: `${scratchNames.segments}/%05d.ts`,
      };
    case 'stream':
      return {
        format: 'flv',
        options: { flvflags: 'no_duration_filesize', flush_packets: '1' },
        to: `pipe:${outlets.stream}`,
      };
  }
}

const fileOptions = (container: Container): Readonly<Record<string, string>> =>
  container === 'mp4' ? { movflags: '+frag_keyframe+empty_moov+default_base_moof', flush_packets: '1' } : {};

/** One output as ffmpeg commonly takes it, and several as one that hands on what is encoded. */
function muxers(all: readonly Muxer[]): string[] {
  const [first] = all;
  if (all.length === 1 && first)
    return [
      ...Object.entries(first.options).flatMap(([name, value]) => [`-${name}`, value]),
      ...['-f', first.format, first.to],
    ];
  const parts = all.map(({ format, options, to }) => {
    // Read twice over, so that what separates options has to be masked twice.
    const listed = Object.entries(options).map(
      ([name, value]) => `:${name}=${value.replaceAll(':', '\\\\:')}`,
    );
    return `[f=${format}${listed.join('')}]${to}`;
  });
  return ['-flags', '+global_header', '-f', 'tee', parts.join('|')];
}

/** Segments are cut at pictures that stand for themselves. */
const cuts = (outputs: readonly EncoderOutput[]): string[] =>
  outputs.flatMap((output) =>
    output.kind === 'segments' ? ['-force_key_frames', `expr:gte(t,n_forced*${output.seconds})`] : [],
  );

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

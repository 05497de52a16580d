import type { EncodingOptions } from '@livekit/protocol';
import { AudioCodec, EncodedFileType, EncodingOptionsPreset as Preset, VideoCodec } from '@livekit/protocol';
import { RpcError } from '../rpc/error.ts';
import type { Container, Encoding } from './recording.ts';

/** How a request says what it wants: as every one of the requests has it. */
export type EncodingChoice =
  | { case: 'preset'; value: Preset }
  | { case: 'advanced'; value: EncodingOptions }
  | { case: undefined; value?: undefined };

/** What is not asked for; upstream's, although the API's documentation has larger pictures. */
const usual: Encoding = {
  width: 1280,
  height: 720,
  framesPerSecond: 30,
  videoCodec: 'h264',
  h264Profile: 'main',
  videoBitrate: 3_000,
  keyFrameInterval: 4,
  audioCodec: 'aac',
  audioBitrate: 128,
  audioFrequency: 44_100,
};

type Size = Pick<Encoding, 'width' | 'height' | 'framesPerSecond' | 'videoBitrate'>;
const size = (width: number, height: number, framesPerSecond: number, videoBitrate: number): Size => ({
  width,
  height,
  framesPerSecond,
  videoBitrate,
});

/** As the API's documentation has them. */
const presets: Readonly<Record<Exclude<Preset, Preset.PASSTHROUGH>, Size>> = {
  [Preset.H264_720P_30]: size(1280, 720, 30, 3_000),
  [Preset.H264_720P_60]: size(1280, 720, 60, 4_500),
  [Preset.H264_1080P_30]: size(1920, 1080, 30, 4_500),
  [Preset.H264_1080P_60]: size(1920, 1080, 60, 6_000),
  [Preset.PORTRAIT_H264_720P_30]: size(720, 1280, 30, 3_000),
  [Preset.PORTRAIT_H264_720P_60]: size(720, 1280, 60, 4_500),
  [Preset.PORTRAIT_H264_1080P_30]: size(1080, 1920, 30, 4_500),
  [Preset.PORTRAIT_H264_1080P_60]: size(1080, 1920, 60, 6_000),
};

/** Pixels a side, and pictures a second, that are encoded at most. */
const largest = { side: 3_840, framesPerSecond: 60 };

/** @throws RpcError `invalid_argument` for what no encoder could do */
export function encodingOf(choice: EncodingChoice): Encoding {
  switch (choice.case) {
    case undefined:
      return usual;
    case 'preset':
      if (choice.value === Preset.PASSTHROUGH)
        throw new RpcError(
          'unimplemented',
          'recording without transcoding needs the upstream flavour of the egress worker',
        );
      return { ...usual, ...presets[choice.value] };
    case 'advanced':
      return advanced(choice.value);
  }
}

function advanced(options: EncodingOptions): Encoding {
  const encoding: Encoding = {
    ...usual,
    width: within('width', options.width, [16, largest.side]) ?? usual.width,
    height: within('height', options.height, [16, largest.side]) ?? usual.height,
    framesPerSecond:
      within('framerate', options.framerate, [1, largest.framesPerSecond]) ?? usual.framesPerSecond,
    videoBitrate: within('video_bitrate', options.videoBitrate, [1, 100_000]) ?? usual.videoBitrate,
    keyFrameInterval:
      within('key_frame_interval', options.keyFrameInterval, [0.1, 60]) ?? usual.keyFrameInterval,
    audioBitrate: within('audio_bitrate', options.audioBitrate, [8, 512]) ?? usual.audioBitrate,
    audioFrequency:
      within('audio_frequency', options.audioFrequency, [8_000, 48_000]) ?? usual.audioFrequency,
    ...videoCodecs[options.videoCodec],
    ...audioCodecs[options.audioCodec],
  };
  // Colour has half the resolution.
  return { ...encoding, width: encoding.width & ~1, height: encoding.height & ~1 };
}

const videoCodecs: Readonly<Record<VideoCodec, Partial<Encoding>>> = {
  [VideoCodec.DEFAULT_VC]: {},
  [VideoCodec.H264_BASELINE]: { videoCodec: 'h264', h264Profile: 'baseline' },
  [VideoCodec.H264_MAIN]: { videoCodec: 'h264', h264Profile: 'main' },
  [VideoCodec.H264_HIGH]: { videoCodec: 'h264', h264Profile: 'high' },
  [VideoCodec.VP8]: { videoCodec: 'vp8' },
};

const audioCodecs: Readonly<Record<AudioCodec, Partial<Encoding>>> = {
  [AudioCodec.DEFAULT_AC]: {},
  [AudioCodec.OPUS]: { audioCodec: 'opus' },
  [AudioCodec.AAC]: { audioCodec: 'aac' },
  [AudioCodec.AC_MP3]: { audioCodec: 'mp3' },
};

function within(field: string, value: number, [least, most]: readonly [number, number]): number | undefined {
  if (value === 0) return undefined;
  if (value < least || value > most)
    throw new RpcError('invalid_argument', `request has missing or invalid field: ${field}`);
  return value;
}

type Codecs = { audio: readonly Encoding['audioCodec'][]; video: readonly Encoding['videoCodec'][] };
/** Which codecs an output holds; the first of sound is what it has where none is asked for. */
const contents: Readonly<Record<Container | 'hls' | 'rtmp', Codecs>> = {
  mp4: { audio: ['aac', 'opus', 'mp3'], video: ['h264'] },
  webm: { audio: ['opus'], video: ['vp8'] },
  ogg: { audio: ['opus'], video: [] },
  mp3: { audio: ['mp3'], video: [] },
  hls: { audio: ['aac'], video: ['h264'] },
  rtmp: { audio: ['aac'], video: ['h264'] },
};

const asked: Readonly<Record<EncodedFileType, Container | undefined>> = {
  [EncodedFileType.DEFAULT_FILETYPE]: undefined,
  [EncodedFileType.MP4]: 'mp4',
  [EncodedFileType.OGG]: 'ogg',
  [EncodedFileType.MP3]: 'mp3',
};

/**
 * The container of the file, if there is one, and the codecs that all of the outputs can hold, for it is encoded once.
 *
 * @param options.file the type that is asked for
 * @throws RpcError `invalid_argument` in upstream's words where they do not fit
 */
export function formatOf(options: {
  file?: EncodedFileType;
  isSegmented: boolean;
  isStreamed: boolean;
  audio: boolean;
  video: boolean;
  choice: EncodingChoice;
}): { container?: Container; encoding: Encoding } {
  const { file, isSegmented, isStreamed, audio, video, choice } = options;
  const encoding = encodingOf(choice);
  const others = [...(isSegmented ? (['hls'] as const) : []), ...(isStreamed ? (['rtmp'] as const) : [])];
  const isVp8 = video && encoding.videoCodec === 'vp8';
  // Beside what has to be AAC a file of sound is an MP4.
  const usualFile = video ? (isVp8 ? 'webm' : 'mp4') : others.length > 0 ? 'mp4' : 'ogg';
  const container = file === undefined ? undefined : (asked[file] ?? usualFile);
  const outputs = [...(container ? [container] : []), ...others];
  if (video && outputs.some((output) => !contents[output].video.includes(encoding.videoCodec)))
    throw new RpcError('invalid_argument', 'no supported codec is compatible with all outputs');
  if (!audio) return { ...(container ? { container } : {}), encoding };
  const isAsked = choice.case === 'advanced' && choice.value.audioCodec !== AudioCodec.DEFAULT_AC;
  const refusing = outputs.find((output) => !contents[output].audio.includes(encoding.audioCodec));
  if (isAsked && refusing)
    throw new RpcError(
      'invalid_argument',
      `format ${refusing} incompatible with codec ${encoding.audioCodec}`,
    );
  const [first = 'mp4', ...more] = outputs;
  const common = contents[first].audio.find((codec) =>
    more.every((output) => contents[output].audio.includes(codec)),
  );
  if (!common) throw new RpcError('invalid_argument', 'no supported codec is compatible with all outputs');
  return {
    ...(container ? { container } : {}),
    encoding: isAsked ? encoding : { ...encoding, audioCodec: common },
  };
}

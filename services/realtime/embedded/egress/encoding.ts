import type { EncodingOptions } from '@livekit/protocol';
import { AudioCodec, EncodedFileType, EncodingOptionsPreset as Preset, VideoCodec } from '@livekit/protocol';
import { RpcError } from '../rpc/error.ts';
import type { Container, Encoding } from './recording.ts';

/** How a request says what it wants: as every one of the requests has it. */
export type EncodingChoice =
  | { case: 'preset'; value: Preset }
  | { case: 'advanced'; value: EncodingOptions }
  | { case: undefined; value?: undefined };

/** What is not asked for. Upstream's is 1920×1080, which two cores cannot encode in time. */
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

/** Which codecs a container holds; the first of sound is what it has where none is asked for. */
const contents: Readonly<
  Record<Container, { audio: readonly Encoding['audioCodec'][]; video: readonly Encoding['videoCodec'][] }>
> = {
  mp4: { audio: ['aac', 'opus', 'mp3'], video: ['h264'] },
  webm: { audio: ['opus'], video: ['vp8'] },
  ogg: { audio: ['opus'], video: [] },
  mp3: { audio: ['mp3'], video: [] },
};

const asked: Readonly<Record<EncodedFileType, Container | undefined>> = {
  [EncodedFileType.DEFAULT_FILETYPE]: undefined,
  [EncodedFileType.MP4]: 'mp4',
  [EncodedFileType.OGG]: 'ogg',
  [EncodedFileType.MP3]: 'mp3',
};

/**
 * The container, and the codecs that it can hold.
 *
 * @throws RpcError `invalid_argument` in upstream's words where they do not fit
 */
export function containerOf(options: {
  fileType: EncodedFileType;
  audio: boolean;
  video: boolean;
  choice: EncodingChoice;
}): { container: Container; encoding: Encoding } {
  const { fileType, audio, video, choice } = options;
  const encoding = encodingOf(choice);
  const advancedOptions = choice.case === 'advanced' ? choice.value : undefined;
  const isVp8 = video && encoding.videoCodec === 'vp8';
  const container = asked[fileType] ?? (video ? (isVp8 ? 'webm' : 'mp4') : 'ogg');
  const { audio: sounds, video: pictures } = contents[container];
  if (video && !pictures.includes(encoding.videoCodec))
    throw new RpcError('invalid_argument', 'no supported codec is compatible with all outputs');
  const isSoundAsked = advancedOptions !== undefined && advancedOptions.audioCodec !== AudioCodec.DEFAULT_AC;
  const [usualSound] = sounds;
  if (isSoundAsked && audio && !sounds.includes(encoding.audioCodec))
    throw new RpcError(
      'invalid_argument',
      `format ${container} incompatible with codec ${encoding.audioCodec}`,
    );
  return {
    container,
    encoding: isSoundAsked || !usualSound ? encoding : { ...encoding, audioCodec: usualSound },
  };
}

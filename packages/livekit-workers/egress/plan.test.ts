import {
  StartEgressRequest as AnyRequest,
  AudioChannel,
  AudioCodec,
  AudioConfig,
  AudioMixing,
  AudioRoute,
  DirectFileOutput,
  EncodedFileOutput,
  EncodedFileType,
  EncodingOptions,
  EncodingOptionsPreset,
  FileOutput,
  ImageOutput,
  MediaSource,
  Output,
  ParticipantEgressRequest,
  ParticipantVideo,
  RoomCompositeEgressRequest,
  S3Upload,
  SegmentedFileOutput,
  StorageConfig,
  StreamOutput,
  StreamProtocol,
  TemplateSource,
  TrackCompositeEgressRequest,
  TrackEgressRequest,
  WebEgressRequest,
  WebSource,
} from '@livekit/protocol';
import { describe, expect, it } from 'vitest';
import { type EgressJob, StartEgressRequest } from '../rpc/messages.ts';
import { planOf } from './plan.ts';

const s3 = { region: 'us-east-1', bucket: 'recordings', forcePathStyle: true };
const request = (job: EgressJob) =>
  new StartEgressRequest({ egressId: 'EG_1', roomId: 'RM_1', request: job });
const plan = (job: EgressJob, storage: typeof s3 | undefined = s3) =>
  planOf({ request: request(job), s3: storage });
const fileOutputs = [new EncodedFileOutput({ filepath: 'a' })];

const participant = (fields: ConstructorParameters<typeof ParticipantEgressRequest>[0]): EgressJob => ({
  case: 'participant',
  value: new ParticipantEgressRequest({ roomName: 'studio', identity: 'alice', fileOutputs, ...fields }),
});
const room = (fields: ConstructorParameters<typeof RoomCompositeEgressRequest>[0]): EgressJob => ({
  case: 'roomComposite',
  value: new RoomCompositeEgressRequest({ roomName: 'studio', fileOutputs, ...fields }),
});

describe('what is made of a request', () => {
  it('for a participant is MP4 with H.264 and AAC', () => {
    expect(plan(participant({}))).toMatchObject({
      roomName: 'studio',
      source: { kind: 'participant', identity: 'alice', screenShare: false },
      audio: true,
      video: true,
      encoding: { width: 1280, height: 720, framesPerSecond: 30, videoCodec: 'h264', audioCodec: 'aac' },
      outputs: { file: { filepath: 'a', container: 'mp4', s3 } },
    });
  });

  it('for a room that is only heard is Ogg with Opus', () => {
    expect(plan(room({ audioOnly: true }))).toMatchObject({
      source: { kind: 'room' },
      video: false,
      encoding: { audioCodec: 'opus' },
      outputs: { file: { container: 'ogg' } },
    });
  });

  it('for two tracks has what was asked for', () => {
    const value = new TrackCompositeEgressRequest({ roomName: 'studio', videoTrackId: 'TR_1', fileOutputs });
    expect(plan({ case: 'trackComposite', value })).toMatchObject({
      source: { kind: 'tracks', videoTrackId: 'TR_1' },
      audio: false,
      video: true,
    });
  });

  it('for one track is decided by the track', () => {
    const output = { case: 'file', value: new DirectFileOutput({ filepath: 't' }) } as const;
    const value = new TrackEgressRequest({ roomName: 'studio', trackId: 'TR_1', output });
    expect(plan({ case: 'track', value })).toMatchObject({
      source: { kind: 'track', trackId: 'TR_1' },
      outputs: { file: { container: 'of-the-track' } },
    });
  });

  it('has the size of the preset, or the one that is asked for, made even', () => {
    const preset = { case: 'preset', value: EncodingOptionsPreset.PORTRAIT_H264_1080P_60 } as const;
    expect(plan(participant({ options: preset })).encoding).toMatchObject({
      width: 1080,
      height: 1920,
      framesPerSecond: 60,
    });
    const value = new EncodingOptions({ width: 853, height: 479, framerate: 25 });
    expect(plan(participant({ options: { case: 'advanced', value } })).encoding).toMatchObject({
      width: 852,
      height: 478,
      framesPerSecond: 25,
    });
  });

  it('may go to a bucket of its own, whose keys the API does not show', () => {
    const upload = new S3Upload({ accessKey: 'AK', secret: 'SK', bucket: 'mine' });
    const file = new EncodedFileOutput({ filepath: 'a', output: { case: 's3', value: upload } });
    const made = plan(participant({ fileOutputs: [file] }), undefined);
    expect(made.outputs.file?.s3).toMatchObject({ accessKey: 'AK', secret: 'SK', bucket: 'mine' });
    expect(JSON.stringify(made.shown.value?.toJson())).toContain('{secret}');
    expect(JSON.stringify(made.shown.value?.toJson())).not.toContain('SK');
  });

  it('may be of the old kind, with one output', () => {
    const value = new EncodedFileOutput({ filepath: 'old' });
    expect(plan(room({ fileOutputs: [], output: { case: 'file', value } })).outputs).toMatchObject({
      file: { filepath: 'old' },
    });
  });

  it('may be segments, of 4 s where nothing is said', () => {
    const segments = new SegmentedFileOutput({ filenamePrefix: 'a/b', filenameSuffix: 1 });
    expect(plan(room({ fileOutputs: [], segmentOutputs: [segments] })).outputs).toEqual({
      segments: {
        templates: { prefix: 'a/b', playlist: '', livePlaylist: '', hasTimes: true },
        seconds: 4,
        s3,
      },
    });
  });

  it('may be streamed, recorded and cut into segments at once, of one encoding that all can hold', () => {
    const value = new EncodingOptions({ keyFrameInterval: 2 });
    const made = plan(
      participant({
        streamOutputs: [
          new StreamOutput({ protocol: StreamProtocol.RTMP, urls: ['rtmp://host/app/the-key'] }),
        ],
        segmentOutputs: [new SegmentedFileOutput({ segmentDuration: 6 })],
        options: { case: 'advanced', value },
      }),
    );
    expect(made.outputs).toMatchObject({
      file: { container: 'mp4' },
      streams: { urls: ['rtmp://host/app/the-key'] },
      // A segment begins with a picture that stands for itself.
      segments: { seconds: 2 },
    });
    expect(made.encoding).toMatchObject({ videoCodec: 'h264', audioCodec: 'aac' });
    expect(JSON.stringify(made.shown.value?.toJson())).toContain('rtmp://host/app/{th...ey}');
    expect(JSON.stringify(made.shown.value?.toJson())).not.toContain('the-key');
  });
});

describe('the request for any kind of recording', () => {
  const any = (fields: ConstructorParameters<typeof AnyRequest>[0]): EgressJob => ({
    case: 'egress',
    value: new AnyRequest({
      roomName: 'studio',
      outputs: [new Output({ config: { case: 'file', value: new FileOutput({ filepath: 'a' }) } })],
      ...fields,
    }),
  });

  it('may be for a room', () => {
    expect(plan(any({ source: { case: 'template', value: new TemplateSource() } }))).toMatchObject({
      source: { kind: 'room' },
      audio: true,
      video: true,
      outputs: { file: { filepath: 'a', container: 'mp4' } },
      shown: { case: 'egress' },
    });
  });

  it('may be for somebody’s picture and everybody’s sound, in a bucket for all outputs', () => {
    const video = { case: 'participantVideo', value: new ParticipantVideo({ identity: 'alice' }) } as const;
    const upload = new S3Upload({ accessKey: 'AK', secret: 'SK', bucket: 'mine' });
    const made = plan(
      any({
        source: {
          case: 'media',
          value: new MediaSource({ video, audio: new AudioConfig({ captureAll: true }) }),
        },
        storage: new StorageConfig({ provider: { case: 's3', value: upload } }),
      }),
    );
    expect(made).toMatchObject({
      source: { kind: 'media', video: { identity: 'alice', screenShare: false }, audio: 'all' },
      outputs: { file: { s3: { bucket: 'mine' } } },
    });
    expect(JSON.stringify(made.shown.value?.toJson())).not.toContain('SK');
  });

  it('may be for sound alone, of several', () => {
    const routes = [
      new AudioRoute({ match: { case: 'participantIdentity', value: 'alice' } }),
      new AudioRoute({ match: { case: 'trackId', value: 'TR_1' } }),
    ];
    const value = new MediaSource({ audio: new AudioConfig({ routes }) });
    expect(plan(any({ source: { case: 'media', value } }))).toMatchObject({
      source: { kind: 'media', audio: [{ identity: 'alice' }, { trackId: 'TR_1' }] },
      video: false,
      outputs: { file: { container: 'ogg' } },
    });
  });

  it('for one track without another encoding is that for a track', () => {
    const value = new MediaSource({ video: { case: 'videoTrackId', value: 'TR_1' } });
    const encoding = { case: 'preset', value: EncodingOptionsPreset.PASSTHROUGH } as const;
    expect(plan(any({ source: { case: 'media', value }, encoding }))).toMatchObject({
      source: { kind: 'track', trackId: 'TR_1' },
      outputs: { file: { container: 'of-the-track' } },
    });
  });

  it.each([
    ['source', any({})],
    ['audio or video', any({ source: { case: 'media', value: new MediaSource() } })],
    ['output', any({ source: { case: 'template', value: new TemplateSource() }, outputs: [] })],
  ])('without %s is refused', (field, job) => {
    expect(() => plan(job)).toThrow(`request has missing or invalid field: ${field}`);
  });

  it('for a page of the web, or for a voice in a channel of its own, is not for this worker', () => {
    expect(() => plan(any({ source: { case: 'web', value: new WebSource() } }))).toThrow(
      'web egress needs the upstream flavour',
    );
    const routes = [
      new AudioRoute({ match: { case: 'trackId', value: 'TR_1' }, channel: AudioChannel.LEFT }),
    ];
    const value = new MediaSource({ audio: new AudioConfig({ routes }) });
    expect(() => plan(any({ source: { case: 'media', value } }))).toThrow('a channel of its own needs');
  });
});

describe('what needs the upstream flavour is said so', () => {
  const srt = new StreamOutput({ protocol: StreamProtocol.SRT, urls: ['srt://host:1234'] });
  it.each([
    ['web egress', { case: 'web', value: new WebEgressRequest({ url: 'https://example.org' }) }],
    ['a custom template', room({ customBaseUrl: 'https://example.org' })],
    ['the layout "speaker"', room({ layout: 'speaker' })],
    ['dual channel audio mixing', room({ audioMixing: AudioMixing.DUAL_CHANNEL_AGENT })],
    ['a stream by SRT', room({ streamOutputs: [srt] })],
    ['an image output', room({ imageOutputs: [new ImageOutput()] })],
    [
      'recording without transcoding',
      participant({ options: { case: 'preset', value: EncodingOptionsPreset.PASSTHROUGH } }),
    ],
  ] satisfies [string, EgressJob][])('%s', (what, job) => {
    expect(() => plan(job)).toThrow(
      expect.objectContaining({
        code: 'unimplemented',
        message: `${what} needs the upstream flavour of the egress worker`,
      }),
    );
  });
});

describe('what is wrong is said in upstream’s words', () => {
  it.each([
    ['request has missing or invalid field: identity', participant({ identity: '' })],
    ['request has missing or invalid field: room_name', room({ roomName: '' })],
    ['request has missing or invalid field: output', room({ fileOutputs: [] })],
    [
      'request has missing or invalid field: stream url',
      room({ fileOutputs: [], streamOutputs: [new StreamOutput({ protocol: StreamProtocol.RTMP })] }),
    ],
    [
      'format ogg incompatible with codec aac',
      room({
        audioOnly: true,
        fileOutputs: [new EncodedFileOutput({ fileType: EncodedFileType.OGG })],
        options: { case: 'advanced', value: new EncodingOptions({ audioCodec: AudioCodec.AAC }) },
      }),
    ],
    [
      'no supported codec is compatible with all outputs',
      room({
        audioOnly: true,
        fileOutputs: [new EncodedFileOutput({ fileType: EncodedFileType.OGG })],
        segmentOutputs: [new SegmentedFileOutput()],
      }),
    ],
    [
      'request has missing or invalid field: audio_only and video_only',
      room({ audioOnly: true, videoOnly: true }),
    ],
    [
      'no supported codec is compatible with all outputs',
      room({ fileOutputs: [new EncodedFileOutput({ fileType: EncodedFileType.OGG })] }),
    ],
    [
      'format ogg incompatible with codec aac',
      room({
        audioOnly: true,
        options: { case: 'advanced', value: new EncodingOptions({ audioCodec: AudioCodec.AAC }) },
      }),
    ],
    [
      'request has missing or invalid field: framerate',
      participant({ options: { case: 'advanced', value: new EncodingOptions({ framerate: 500 }) } }),
    ],
  ] satisfies [string, EgressJob][])('%s', (message, job) => {
    expect(() => plan(job)).toThrow(expect.objectContaining({ code: 'invalid_argument', message }));
  });

  it('also where there is nowhere to put it', () => {
    expect(() => planOf({ request: request(participant({})), s3: undefined })).toThrow(
      /no storage of its own/,
    );
  });
});

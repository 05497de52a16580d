import {
  AudioCodec,
  AudioMixing,
  DirectFileOutput,
  EncodedFileOutput,
  EncodedFileType,
  EncodingOptions,
  EncodingOptionsPreset,
  ParticipantEgressRequest,
  RoomCompositeEgressRequest,
  S3Upload,
  SegmentedFileOutput,
  StreamOutput,
  TrackCompositeEgressRequest,
  TrackEgressRequest,
  WebEgressRequest,
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
      container: 'mp4',
      encoding: { width: 1280, height: 720, framesPerSecond: 30, videoCodec: 'h264', audioCodec: 'aac' },
      filepath: 'a',
      s3,
    });
  });

  it('for a room that is only heard is Ogg with Opus', () => {
    expect(plan(room({ audioOnly: true }))).toMatchObject({
      source: { kind: 'room' },
      video: false,
      container: 'ogg',
      encoding: { audioCodec: 'opus' },
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
      container: 'of-the-track',
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
    expect(made.s3).toMatchObject({ accessKey: 'AK', secret: 'SK', bucket: 'mine' });
    expect(JSON.stringify(made.shown.value?.toJson())).toContain('{secret}');
    expect(JSON.stringify(made.shown.value?.toJson())).not.toContain('SK');
  });

  it('may be of the old kind, with one output', () => {
    const value = new EncodedFileOutput({ filepath: 'old' });
    expect(plan(room({ fileOutputs: [], output: { case: 'file', value } }))).toMatchObject({
      filepath: 'old',
      isOld: true,
    });
  });
});

describe('what needs the upstream flavour is said so', () => {
  const webm = new SegmentedFileOutput();
  it.each([
    ['web egress', { case: 'web', value: new WebEgressRequest({ url: 'https://example.org' }) }],
    ['a custom template', room({ customBaseUrl: 'https://example.org' })],
    ['the layout "speaker"', room({ layout: 'speaker' })],
    ['dual channel audio mixing', room({ audioMixing: AudioMixing.DUAL_CHANNEL_AGENT })],
    ['a stream output', room({ streamOutputs: [new StreamOutput()] })],
    ['a segmented output', room({ segmentOutputs: [webm] })],
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

import {
  AudioMixing,
  DirectFileOutput,
  type EgressInfo,
  EncodedFileOutput,
  type ParticipantEgressRequest,
  type RoomCompositeEgressRequest,
  type S3Upload,
  type TrackCompositeEgressRequest,
  type TrackEgressRequest,
} from '@livekit/protocol';
import { RpcError } from '../rpc/error.ts';
import type { StartEgressRequest } from '../rpc/messages.ts';
import type { S3Settings } from './config.ts';
import { containerOf, type EncodingChoice, encodingOf } from './encoding.ts';
import type { Recording } from './recording.ts';

/** What a request asks for. */
export type Plan = Pick<Recording, 'source' | 'audio' | 'video' | 'container' | 'encoding'> & {
  roomName: string;
  /** Name of the object, still with its `{placeholders}`. */
  filepath: string;
  s3: S3Settings;
  /** The request without its secrets, as the API shows it. */
  shown: EgressInfo['request'];
  /** The request is of the old kind, which has one output; the answer then has its result in the old place, too. */
  isOld: boolean;
};

const whose = 'of the egress worker';
const needsUpstream = (what: string): RpcError =>
  new RpcError('unimplemented', `${what} needs the upstream flavour ${whose}`);
const invalid = (field: string): RpcError =>
  new RpcError('invalid_argument', `request has missing or invalid field: ${field}`);

/**
 * @param options.s3 where files go that name no place of their own
 * @throws RpcError `unimplemented` for what upstream's worker can and this one cannot, else `invalid_argument`
 */
export function planOf(options: { request: StartEgressRequest; s3: S3Settings | undefined }): Plan {
  const { request, s3 } = options;
  const { request: job } = request;
  switch (job.case) {
    case 'participant':
      return participant(job.value, s3);
    case 'track':
      return track(job.value, s3);
    case 'trackComposite':
      return trackComposite(job.value, s3);
    case 'roomComposite':
      return roomComposite(job.value, s3);
    case 'web':
      throw needsUpstream('web egress');
    case 'egress':
      throw needsUpstream('this kind of request');
    case undefined:
      throw needsUpstream('this kind of request');
  }
}

function participant(request: ParticipantEgressRequest, s3: S3Settings | undefined): Plan {
  if (!request.identity) throw invalid('identity');
  const output = encodedOutput(request);
  return {
    ...encoded({ roomName: request.roomName, output, choice: request.options, audio: true, video: true, s3 }),
    source: { kind: 'participant', identity: request.identity, screenShare: request.screenShare },
    shown: { case: 'participant', value: withoutSecrets(request.clone()) },
  };
}

function trackComposite(request: TrackCompositeEgressRequest, s3: S3Settings | undefined): Plan {
  const { audioTrackId, videoTrackId, roomName } = request;
  if (!audioTrackId && !videoTrackId) throw invalid('audio_track_id or video_track_id');
  const output = encodedOutput(request);
  const [audio, video] = [audioTrackId !== '', videoTrackId !== ''];
  return {
    ...encoded({ roomName, output, choice: request.options, audio, video, s3 }),
    source: {
      kind: 'tracks',
      ...(audio ? { audioTrackId } : {}),
      ...(video ? { videoTrackId } : {}),
    },
    shown: { case: 'trackComposite', value: withoutSecrets(request.clone()) },
  };
}

function roomComposite(request: RoomCompositeEgressRequest, s3: S3Settings | undefined): Plan {
  const { roomName, audioOnly, videoOnly, customBaseUrl, layout, audioMixing } = request;
  if (customBaseUrl) throw needsUpstream('a custom template');
  if (layout && !/^grid(-light|-dark)?$/.test(layout))
    throw needsUpstream(`the layout ${JSON.stringify(layout)}`);
  if (audioMixing !== AudioMixing.DEFAULT_MIXING) throw needsUpstream('dual channel audio mixing');
  if (audioOnly && videoOnly) throw invalid('audio_only and video_only');
  const output = encodedOutput(request);
  return {
    ...encoded({ roomName, output, choice: request.options, audio: !videoOnly, video: !audioOnly, s3 }),
    source: { kind: 'room' },
    shown: { case: 'roomComposite', value: withoutSecrets(request.clone()) },
  };
}

function track(request: TrackEgressRequest, s3: S3Settings | undefined): Plan {
  const { roomName, trackId, output } = request;
  if (!roomName) throw invalid('room_name');
  if (!trackId) throw invalid('track_id');
  if (output.case === 'websocketUrl') throw needsUpstream('sending a track to a websocket');
  if (output.case !== 'file') throw invalid('output');
  return {
    roomName,
    source: { kind: 'track', trackId },
    audio: true,
    video: true,
    container: 'of-the-track',
    encoding: encodingOf({ case: undefined }),
    filepath: output.value.filepath,
    s3: destination(output.value, s3),
    shown: { case: 'track', value: withoutSecrets(request.clone()) },
    isOld: true,
  };
}

function encoded(options: {
  roomName: string;
  output: { file: EncodedFileOutput; isOld: boolean };
  choice: EncodingChoice;
  audio: boolean;
  video: boolean;
  s3: S3Settings | undefined;
}): Omit<Plan, 'source' | 'shown'> {
  const { roomName, output, choice, audio, video, s3 } = options;
  const { file, isOld } = output;
  if (!roomName) throw invalid('room_name');
  return {
    roomName,
    audio,
    video,
    ...containerOf({ fileType: file.fileType, audio, video, choice }),
    filepath: file.filepath,
    s3: destination(file, s3),
    isOld,
  };
}

/** Any of the requests that are encoded; one of them has no old kind of output. */
type Encoded = {
  output?: { case: string | undefined; value?: unknown };
  fileOutputs: readonly EncodedFileOutput[];
  streamOutputs: readonly unknown[];
  segmentOutputs: readonly unknown[];
  imageOutputs: readonly unknown[];
};

function encodedOutput(request: Encoded): { file: EncodedFileOutput; isOld: boolean } {
  const { fileOutputs, output } = request;
  if (request.streamOutputs.length > 0 || output?.case === 'stream') throw needsUpstream('a stream output');
  if (request.segmentOutputs.length > 0 || output?.case === 'segments')
    throw needsUpstream('a segmented output');
  if (request.imageOutputs.length > 0) throw needsUpstream('an image output');
  if (fileOutputs.length > 1)
    throw new RpcError('invalid_argument', 'multiple file outputs is not yet supported');
  const [file] = fileOutputs;
  if (file) return { file, isOld: false };
  if (output?.value instanceof EncodedFileOutput) return { file: output.value, isOld: true };
  throw invalid('output');
}

function destination(
  { output }: EncodedFileOutput | DirectFileOutput,
  s3: S3Settings | undefined,
): S3Settings {
  if (output.case === 's3') return ownBucket(output.value);
  if (output.case !== undefined) throw needsUpstream(`an upload to ${output.case}`);
  // Upstream would write into its own file system, where nobody can fetch it from a container.
  if (!s3) throw invalid('output: this worker has no storage of its own, and the request names none');
  return s3;
}

function ownBucket(upload: S3Upload): S3Settings {
  const { accessKey, secret, sessionToken, region, endpoint, bucket, forcePathStyle } = upload;
  if (!bucket) throw invalid('bucket');
  if (upload.assumeRoleArn) throw needsUpstream('assuming a role of AWS');
  if (upload.proxy) throw needsUpstream('an upload through a proxy');
  return {
    ...(accessKey && secret ? { accessKey, secret } : {}),
    ...(sessionToken ? { sessionToken } : {}),
    ...(endpoint ? { endpoint } : {}),
    region: region || 'us-east-1',
    bucket,
    forcePathStyle,
  };
}

/** As livekit/protocol's `egress/redact.go`. */
function withoutSecrets<
  T extends
    | ParticipantEgressRequest
    | TrackCompositeEgressRequest
    | RoomCompositeEgressRequest
    | TrackEgressRequest,
>(request: T): T {
  const outputs: unknown[] = [
    'output' in request ? request.output.value : undefined,
    ...('fileOutputs' in request ? request.fileOutputs : []),
  ];
  for (const output of outputs) {
    if (!(output instanceof EncodedFileOutput || output instanceof DirectFileOutput)) continue;
    if (output.output.case !== 's3') continue;
    const upload = output.output.value;
    for (const [field, shown] of [
      ['accessKey', '{access_key}'],
      ['secret', '{secret}'],
      ['sessionToken', '{session_token}'],
      ['assumeRoleExternalId', '{external_id}'],
    ] as const)
      if (upload[field]) upload[field] = shown;
  }
  return request;
}

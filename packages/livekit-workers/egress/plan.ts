import {
  AudioMixing,
  type ParticipantEgressRequest,
  type RoomCompositeEgressRequest,
  type TrackCompositeEgressRequest,
  type TrackEgressRequest,
} from '@livekit/protocol';
import type { StartEgressRequest } from '../rpc/messages.ts';
import type { S3Settings } from './config.ts';
import { destination } from './destination.ts';
import { encodingOf } from './encoding.ts';
import { planAny } from './plan-any.ts';
import { planOutputs } from './plan-outputs.ts';
import type { Plan } from './planned.ts';
import { withoutSecrets } from './redaction.ts';
import { invalid, needsUpstream } from './refusal.ts';
import { contentOfRoom, named } from './room-content.ts';
import { wantedFile, wantedOf } from './wanted.ts';

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
      return planAny(job.value, s3);
    case undefined:
      throw needsUpstream('this kind of request');
  }
}

function participant(request: ParticipantEgressRequest, s3: S3Settings | undefined): Plan {
  const { roomName, identity, screenShare, options: choice } = request;
  if (!identity) throw invalid('identity');
  const both = { audio: true, video: true };
  return {
    ...{ roomName: named(roomName), ...both },
    ...planOutputs({ wanted: wantedOf(request), choice, ...both, s3 }),
    source: { kind: 'participant', identity, screenShare },
    shown: { case: 'participant', value: withoutSecrets(request) },
  };
}

function trackComposite(request: TrackCompositeEgressRequest, s3: S3Settings | undefined): Plan {
  const { audioTrackId, videoTrackId, roomName, options: choice } = request;
  if (!audioTrackId && !videoTrackId) throw invalid('audio_track_id or video_track_id');
  const [audio, video] = [audioTrackId !== '', videoTrackId !== ''];
  return {
    ...{ roomName: named(roomName), audio, video },
    ...planOutputs({ wanted: wantedOf(request), choice, audio, video, s3 }),
    source: {
      kind: 'tracks',
      ...(audio ? { audioTrackId } : {}),
      ...(video ? { videoTrackId } : {}),
    },
    shown: { case: 'trackComposite', value: withoutSecrets(request) },
  };
}

function roomComposite(request: RoomCompositeEgressRequest, s3: S3Settings | undefined): Plan {
  const { roomName, options: choice } = request;
  if (request.audioMixing !== AudioMixing.DEFAULT_MIXING) throw needsUpstream('dual channel audio mixing');
  const { audio, video } = contentOfRoom(request);
  return {
    ...{ roomName: named(roomName), audio, video },
    ...planOutputs({ wanted: wantedOf(request), choice, audio, video, s3 }),
    source: { kind: 'room' },
    shown: { case: 'roomComposite', value: withoutSecrets(request) },
  };
}

function track(request: TrackEgressRequest, s3: S3Settings | undefined): Plan {
  const { roomName, trackId, output } = request;
  if (!trackId) throw invalid('track_id');
  if (output.case === 'websocketUrl') throw needsUpstream('sending a track to a websocket');
  if (output.case !== 'file') throw invalid('output');
  const { filepath, upload } = wantedFile(output.value);
  return {
    ...{ roomName: named(roomName), audio: true, video: true },
    source: { kind: 'track', trackId },
    encoding: encodingOf({ case: undefined }),
    outputs: { file: { filepath, container: 'of-the-track', s3: destination(upload, s3) } },
    shown: { case: 'track', value: withoutSecrets(request) },
  };
}

import {
  AudioChannel,
  type AudioConfig,
  type AudioRoute,
  EncodingOptionsPreset,
  type MediaSource,
  type StartEgressRequest,
} from '@livekit/protocol';
import type { S3Settings } from './config.ts';
import { destination } from './destination.ts';
import { type EncodingChoice, encodingOf } from './encoding.ts';
import { planOutputs } from './plan-outputs.ts';
import type { Plan } from './planned.ts';
import type { AudioMatch, Source, VideoChoice } from './recording.ts';
import { withoutSecrets } from './redaction.ts';
import { invalid, needsUpstream } from './refusal.ts';
import { contentOfRoom, named } from './room-content.ts';
import { wantedOfAny } from './wanted.ts';

/** What the request for any kind of recording asks for: `EgressClient.startEgress`. */
export function planAny(request: StartEgressRequest, s3: S3Settings | undefined): Plan {
  const { source, encoding: choice } = request;
  const shown: Plan['shown'] = { case: 'egress', value: withoutSecrets(request) };
  if (isPassthrough(choice)) return { ...passthrough(request, s3), shown };
  const wanted = wantedOfAny(request);
  const roomName = (): string => named(request.roomName);
  switch (source.case) {
    case 'template': {
      const content = contentOfRoom(source.value);
      return {
        ...{ roomName: roomName(), source: { kind: 'room' }, ...content, shown },
        ...planOutputs({ wanted, choice, ...content, s3 }),
      };
    }
    case 'media': {
      const media = mediaOf(source.value);
      const content = { audio: media.audio !== undefined, video: media.video !== undefined };
      if (!content.audio && !content.video) throw invalid('audio or video');
      return {
        ...{ roomName: roomName(), source: media, ...content, shown },
        ...planOutputs({ wanted, choice, ...content, s3 }),
      };
    }
    case 'web':
      throw needsUpstream('web egress');
    case undefined:
      throw invalid('source');
  }
}

const isPassthrough = (choice: EncodingChoice): boolean =>
  choice.case === 'preset' && choice.value === EncodingOptionsPreset.PASSTHROUGH;

/** A track as it is, which is the older request for one track. */
function passthrough(request: StartEgressRequest, s3: S3Settings | undefined): Omit<Plan, 'shown'> {
  const { source, roomName } = request;
  if (source.case !== 'media') throw invalid('passthrough source');
  const { video, audio } = mediaOf(source.value);
  const chosen = [...(video ? [video] : []), ...(audio === 'all' ? [{ all: true }] : (audio ?? []))];
  const [only] = chosen;
  if (chosen.length !== 1 || !only || !('trackId' in only)) throw invalid('passthrough track_id');
  const { file, stream, segments } = wantedOfAny(request);
  if (!file || stream || segments) throw invalid('passthrough outputs');
  return {
    ...{ roomName: named(roomName), audio: true, video: true },
    source: { kind: 'track', trackId: only.trackId },
    encoding: encodingOf({ case: undefined }),
    outputs: {
      file: { filepath: file.filepath, container: 'of-the-track', s3: destination(file.upload, s3) },
    },
  };
}

function mediaOf({ video, audio }: MediaSource): Extract<Source, { kind: 'media' }> {
  const picture = pictureOf(video);
  const sound = audio && soundOf(audio);
  return {
    kind: 'media',
    ...(picture ? { video: picture } : {}),
    ...(sound && sound.length > 0 ? { audio: sound } : {}),
  };
}

function pictureOf(video: MediaSource['video']): VideoChoice | undefined {
  switch (video.case) {
    case 'videoTrackId':
      return { trackId: video.value };
    case 'participantVideo':
      return { identity: video.value.identity, screenShare: video.value.preferScreenShare };
    case undefined:
      return undefined;
  }
}

function soundOf({ captureAll, routes }: AudioConfig): 'all' | readonly AudioMatch[] {
  if (routes.some(({ channel }) => channel !== AudioChannel.BOTH))
    throw needsUpstream('sound in a channel of its own');
  if (captureAll) return 'all';
  return routes.map(heardBy);
}

function heardBy({ match }: AudioRoute): AudioMatch {
  switch (match.case) {
    case 'trackId':
      return { trackId: match.value };
    case 'participantIdentity':
      return { identity: match.value };
    case 'participantKind':
      return { participantKind: match.value };
    case undefined:
      throw invalid('audio routes');
  }
}

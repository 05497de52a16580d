import { DisconnectReason, ParticipantInfo_Kind, TrackSource, TrackType } from '@livekit/protocol';
import { WebhookEvent } from 'livekit-server-sdk';
import type { Contract } from '../../contracts/typescript/contract.ts';
import {
  type LivekitWebhook,
  livekitWebhook,
  type VoiceSessionEnded,
  type VoiceSessionStarted,
  type VoiceTrackPublished,
  voiceSessionEnded,
  voiceSessionStarted,
  voiceTrackPublished,
  voiceTrackUnpublished,
} from '../../contracts/typescript/events/agent.ts';
import { fitting } from './fitting.ts';
import type { Received } from './received.ts';
import { traceIdOf } from './trace.ts';

/** A message that a webhook becomes. */
export type Saying = { contract: Contract<object, object>; data: object; id: string; time: Date };

/** What all messages of a webhook share. */
type Common = { timestamp: string; trace_id: string };

/**
 * The messages that a webhook becomes: always the webhook itself, and what it means in the terms of the platform, if it
 * means something there. Each has an id that is the same whenever the webhook is delivered again. Pure.
 *
 * @param options.now for how long the webhook was on its way
 * @throws SyntaxError, or the library's error, where the body is not an event. That was tried before it was kept.
 */
export function messagesOf(options: { received: Received; now: Date }): readonly Saying[] {
  const { received, now } = options;
  const body = JSON.parse(received.body) as Readonly<Record<string, unknown>>;
  const event = WebhookEvent.fromJson(body as never, { ignoreUnknownFields: true });
  const time = event.createdAt === 0n ? new Date(received.at) : new Date(Number(event.createdAt) * 1_000);
  const common: Common = { timestamp: time.toISOString(), trace_id: traceIdOf(received.traceparent) };
  const say = <Data extends object>(contract: Contract<Data>, data: Data): Saying => ({
    contract: contract as Contract<object, object>,
    data,
    id: `${received.id}.${contract.name}`,
    time,
  });
  return [...meaningOf({ event, common, say }), say(livekitWebhook, rawOf({ received, body, common, now }))];
}

type Say = <Data extends object>(contract: Contract<Data>, data: Data) => Saying;

function meaningOf(options: { event: WebhookEvent; common: Common; say: Say }): readonly Saying[] {
  const { event, common, say } = options;
  const { room, participant, track } = event;
  if (room === undefined || participant === undefined) return [];
  const where = { room_name: room.name };
  const who = { participant_sid: participant.sid };
  // LiveKit's name of a user is the identity; a session lasts from joining to leaving.
  const user = { user_id: participant.identity, session_id: participant.sid };
  switch (event.event) {
    case 'track_published': {
      if (track === undefined) return [];
      const data: VoiceTrackPublished = {
        event: 'track_published',
        ...common,
        ...where,
        room_sid: room.sid,
        ...who,
        participant_identity: participant.identity,
        track_sid: track.sid,
        track_kind: trackKinds[track.type],
        track_source: trackSources[track.source],
        metadata: user,
      };
      return [say(voiceTrackPublished, data)];
    }
    case 'track_unpublished':
      return track === undefined
        ? []
        : [
            say(voiceTrackUnpublished, {
              event: 'track_unpublished',
              ...common,
              ...where,
              ...who,
              track_sid: track.sid,
            }),
          ];
    case 'participant_joined': {
      if (!isUser(participant.kind)) return [];
      const data: VoiceSessionStarted = {
        event: 'session_started',
        ...common,
        ...user,
        ...where,
        room_sid: room.sid,
        ...who,
      };
      return [say(voiceSessionStarted, data)];
    }
    case 'participant_left': {
      if (!isUser(participant.kind)) return [];
      const data: VoiceSessionEnded = {
        event: 'session_ended',
        ...common,
        ...user,
        ...where,
        duration_seconds: Math.max(0, Number(event.createdAt - participant.joinedAt)),
        reason: reasonOf(participant.disconnectReason),
      };
      return [say(voiceSessionEnded, data)];
    }
    default:
      return [];
  }
}

function rawOf(options: {
  received: Received;
  body: Readonly<Record<string, unknown>>;
  common: Common;
  now: Date;
}): LivekitWebhook {
  const { received, body, common, now } = options;
  const payload = livekitWebhook.schema.properties.webhook_payload;
  if (payload?.type !== 'object') throw new Error('the contract of webhooks has no payload');
  return {
    schema: 'livekit-webhook-v1',
    message_id: `msg-${received.id}`,
    timestamp: common.timestamp,
    event: received.event,
    webhook_payload: { ...fitting(payload, body), event: received.event },
    metadata: {
      webhook_id: received.id,
      received_at: received.at,
      processing_latency_ms: Math.max(0, now.getTime() - Date.parse(received.at)),
      trace_id: common.trace_id,
    },
  };
}

/** People, also on the telephone; not agents, nor what brings streams into rooms or records them. */
function isUser(kind: ParticipantInfo_Kind): boolean {
  return kind === ParticipantInfo_Kind.STANDARD || kind === ParticipantInfo_Kind.SIP;
}

/** `user_left` where they went by themselves; else LiveKit's own name of the reason: `room_deleted`. */
function reasonOf(reason: DisconnectReason): string {
  if (reason === DisconnectReason.CLIENT_INITIATED) return 'user_left';
  return (DisconnectReason[reason] ?? 'unknown_reason').toLowerCase();
}

const trackKinds: Readonly<Record<TrackType, VoiceTrackPublished['track_kind']>> = {
  [TrackType.AUDIO]: 'audio',
  [TrackType.VIDEO]: 'video',
  [TrackType.DATA]: 'data',
};

const trackSources: Readonly<Record<TrackSource, VoiceTrackPublished['track_source']>> = {
  [TrackSource.UNKNOWN]: 'unknown',
  [TrackSource.CAMERA]: 'camera',
  [TrackSource.MICROPHONE]: 'microphone',
  [TrackSource.SCREEN_SHARE]: 'screen_share',
  [TrackSource.SCREEN_SHARE_AUDIO]: 'screen_share_audio',
};

import { describe, expect, it } from 'vitest';
import { firstViolation } from '../../contracts/typescript/validate.ts';
import { messagesOf } from './messages.ts';
import { received } from './received.fixture.ts';

const room = { sid: 'RM_1', name: 'hall', creationTime: '1796040000', metadata: 'ada was here' };
const ada = {
  sid: 'PA_1',
  identity: 'ada',
  name: 'Ada Lovelace',
  metadata: '{"mail":"ada@example.com"}',
  attributes: { phone: '1' },
  joinedAt: '1796040000',
  state: 'ACTIVE',
};
const microphone = { sid: 'TR_1', source: 'MICROPHONE', name: 'Ada’s microphone' };

/** What the webhook becomes, by the name of each message. */
function saidOf(event: string, fields: object) {
  const body = JSON.stringify({ event, id: 'EV_7', createdAt: '1796040060', ...fields });
  const messages = messagesOf({
    received: received({ id: 'EV_7', event, body, at: '2026-11-30T12:01:00.250Z' }),
    now: new Date('2026-11-30T12:01:00.262Z'),
  });
  for (const { contract, data } of messages)
    expect(firstViolation({ schema: contract.schema, value: data, direction: 'publish' })).toBeUndefined();
  return Object.fromEntries(messages.map(({ contract, data }) => [contract.name, data]));
}

const common = {
  timestamp: new Date(1_796_040_060_000).toISOString(),
  trace_id: '0af7651916cd43dd8448eb211c80319c',
};

describe('a webhook becomes', () => {
  it('a track that is published', () => {
    expect(saidOf('track_published', { room, participant: ada, track: microphone })).toMatchObject({
      'voice-track-published': {
        event: 'track_published',
        ...common,
        room_name: 'hall',
        room_sid: 'RM_1',
        participant_sid: 'PA_1',
        participant_identity: 'ada',
        track_sid: 'TR_1',
        track_kind: 'audio',
        track_source: 'microphone',
        metadata: { user_id: 'ada', session_id: 'PA_1' },
      },
    });
  });

  it.each([
    [{ type: 'VIDEO', source: 'SCREEN_SHARE' }, 'video', 'screen_share'],
    [{ type: 'VIDEO', source: 'CAMERA' }, 'video', 'camera'],
    [{ source: 'SCREEN_SHARE_AUDIO' }, 'audio', 'screen_share_audio'],
    [{ type: 'DATA' }, 'data', 'unknown'],
  ])('a track of %j is of the kind %s from %s', (track, kind, source) => {
    const said = saidOf('track_published', { room, participant: ada, track: { sid: 'TR_1', ...track } });
    expect(said['voice-track-published']).toMatchObject({ track_kind: kind, track_source: source });
  });

  it('a track that is gone', () => {
    expect(saidOf('track_unpublished', { room, participant: ada, track: microphone })).toMatchObject({
      'voice-track-unpublished': {
        event: 'track_unpublished',
        ...common,
        room_name: 'hall',
        participant_sid: 'PA_1',
        track_sid: 'TR_1',
      },
    });
  });

  it('the session of a user, from joining to leaving', () => {
    const user = { user_id: 'ada', session_id: 'PA_1', room_name: 'hall', ...common };
    expect(saidOf('participant_joined', { room, participant: ada })).toMatchObject({
      'voice-session-started': {
        event: 'session_started',
        ...user,
        room_sid: 'RM_1',
        participant_sid: 'PA_1',
      },
    });
    const left = { ...ada, disconnectReason: 'CLIENT_INITIATED' };
    expect(saidOf('participant_left', { room, participant: left })).toMatchObject({
      'voice-session-ended': {
        event: 'session_ended',
        ...user,
        duration_seconds: 60,
        reason: 'user_left',
      },
    });
  });

  it.each([
    ['ROOM_DELETED', 'room_deleted'],
    ['DUPLICATE_IDENTITY', 'duplicate_identity'],
    [undefined, 'unknown_reason'],
  ])('the end of a session because of %s', (disconnectReason, reason) => {
    const said = saidOf('participant_left', { room, participant: { ...ada, disconnectReason } });
    expect(said['voice-session-ended']).toMatchObject({ reason });
  });

  it.each(['AGENT', 'INGRESS', 'EGRESS'])('no session of what joins as %s', (kind) => {
    expect(Object.keys(saidOf('participant_joined', { room, participant: { ...ada, kind } }))).toEqual([
      'livekit-webhook',
    ]);
  });

  it.each([
    ['room_started', { room }],
    ['egress_started', { egressInfo: { egressId: 'EG_1', roomName: 'hall', status: 'EGRESS_ACTIVE' } }],
    ['ingress_started', { ingressInfo: { ingressId: 'IN_1', inputType: 'WHIP_INPUT' } }],
    ['something_of_next_year', { room, somethingNew: { a: 1 } }],
  ])('nothing but itself where it is %s', (event, fields) => {
    expect(Object.keys(saidOf(event, fields))).toEqual(['livekit-webhook']);
  });
});

describe('the webhook itself', () => {
  it('keeps LiveKit’s names, and nothing that people wrote about themselves', () => {
    expect(
      saidOf('track_published', { room, participant: ada, track: microphone })['livekit-webhook'],
    ).toEqual({
      schema: 'livekit-webhook-v1',
      message_id: 'msg-EV_7',
      timestamp: common.timestamp,
      event: 'track_published',
      webhook_payload: {
        event: 'track_published',
        id: 'EV_7',
        createdAt: '1796040060',
        room: { sid: 'RM_1', name: 'hall', creationTime: '1796040000' },
        participant: { sid: 'PA_1', identity: 'ada', state: 'ACTIVE', joinedAt: '1796040000' },
        track: { sid: 'TR_1', source: 'MICROPHONE' },
      },
      metadata: {
        webhook_id: 'EV_7',
        received_at: '2026-11-30T12:01:00.250Z',
        processing_latency_ms: 12,
        trace_id: common.trace_id,
      },
    });
  });
});

it('gives each message an id of its own, the same whenever it is delivered again', () => {
  const body = JSON.stringify({ event: 'participant_joined', id: 'EV_7', room, participant: ada });
  const ids = () =>
    messagesOf({ received: received({ id: 'EV_7', body }), now: new Date() }).map(({ id }) => id);
  expect(ids()).toEqual(['EV_7.voice-session-started', 'EV_7.livekit-webhook']);
  expect(ids()).toEqual(ids());
});

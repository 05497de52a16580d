import {
  AudioStream,
  type RemoteParticipant,
  type RemoteTrack,
  type RemoteTrackPublication,
  Room,
  RoomEvent,
  TrackKind,
  TrackSource,
  VideoBufferType,
  VideoStream,
} from '@livekit/rtc-node';
import { leaveRoom } from '../worker/leave-room.ts';
import { onSessionEnd } from '../worker/session-end.ts';
import { type Delays, watchDelays } from './delays.ts';
import { channelCount, sampleRate } from './encoder.ts';
import type { I420 } from './pictures.ts';
import type { Source } from './recording.ts';
import { type Published, selected } from './selection.ts';

/** What a room lets a recorder know. */
export type RoomEvents = {
  /** A track that is recorded has begun to come, or has ended. */
  began: (track: Published & { mimeType: string; width: number; height: number }) => void;
  ended: (track: Published) => void;
  /** It sends nothing, until it does again. */
  muted: (track: Published) => void;
  /** `at`: when it is to be seen, in milliseconds of `performance.now()`. */
  picture: (track: Published, picture: I420, at: number) => void;
  sound: (track: Published, samples: Int16Array) => void;
  /** How long what is received is kept before it comes here. */
  delayed: (delays: Delays) => void;
  /** Who is speaking now, the loudest first. */
  speakers: (identities: readonly string[]) => void;
  /** The tracks that are recorded are others now. */
  changed: () => void;
  /** The room is over, or cannot be reached any more. */
  closed: (why: 'over' | 'lost') => void;
};

export type RoomTracks = {
  /** Which tracks are recorded now. */
  wanted: () => readonly Published[];
  /** All that anybody publishes now. */
  published: () => readonly Published[];
  has: (identity: string) => boolean;
  leave: () => Promise<void>;
};

/** Joins a room, and subscribes to what is to be recorded of it, as long as it is there. */
export async function joinAndSubscribe(options: {
  wsUrl: string;
  token: string;
  source: Source;
  audio: boolean;
  video: boolean;
  events: RoomEvents;
}): Promise<RoomTracks> {
  const { wsUrl, token, source, audio, video, events } = options;
  const room = new Room();
  let wanted = new Map<string, Published>();
  let published: Published[] = [];

  const choose = (): void => {
    const publications = new Map<string, RemoteTrackPublication>();
    published = [];
    for (const participant of room.remoteParticipants.values()) {
      for (const publication of participant.trackPublications.values()) {
        if (!publication.sid) continue;
        publications.set(publication.sid, publication);
        published.push(asPublished(publication, participant));
      }
    }
    const next = new Map(
      selected({ source, audio, video, published }).map((track) => [track.sid, track] as const),
    );
    for (const [sid, track] of wanted) {
      if (next.has(sid)) continue;
      publications.get(sid)?.setSubscribed(false);
      events.ended(track);
    }
    for (const sid of next.keys()) if (!wanted.has(sid)) publications.get(sid)?.setSubscribed(true);
    wanted = next;
    events.changed();
  };

  for (const event of [
    RoomEvent.TrackPublished,
    RoomEvent.TrackUnpublished,
    RoomEvent.ParticipantConnected,
    RoomEvent.ParticipantDisconnected,
  ])
    room.on(event, choose);
  room.on(RoomEvent.TrackSubscribed, (track, publication, participant) => {
    const known = asPublished(publication, participant);
    events.began({
      ...known,
      mimeType: publication.mimeType ?? '',
      width: publication.width ?? 0,
      height: publication.height ?? 0,
    });
    void receive(track, known, events);
  });
  room.on(RoomEvent.TrackMuted, ({ sid = '' }) => {
    const track = wanted.get(sid);
    if (track) events.muted(track);
  });
  room.on(RoomEvent.ActiveSpeakersChanged, (speakers) =>
    events.speakers(speakers.map(({ identity }) => identity)),
  );
  const forget = onSessionEnd(room, events.closed);
  await room.connect(wsUrl, token, { autoSubscribe: false, dynacast: false });
  choose();
  const unwatch = watchDelays(room, events.delayed);
  return {
    wanted: () => [...wanted.values()],
    published: () => published,
    has: (identity) => room.remoteParticipants.has(identity),
    leave: async () => {
      forget();
      unwatch();
      await leaveRoom(room);
    },
  };
}

/** WebRTC's clock is the system's, which counts from another beginning. Milliseconds. */
const clockOffset = Number(process.hrtime.bigint()) / 1e6 - performance.now();
/** A time that is farther than this from now is of another clock. Milliseconds. */
const believable = 1_000;

/** Its arrival here jitters with everything else that this process does. */
function seenAt(timestampUs: bigint): number {
  const now = performance.now();
  const at = Number(timestampUs) / 1e3 - clockOffset;
  return Math.abs(at - now) < believable ? at : now;
}

async function receive(track: RemoteTrack, known: Published, events: RoomEvents): Promise<void> {
  if (known.kind === 'audio') {
    for await (const { data } of new AudioStream(track, sampleRate, channelCount)) events.sound(known, data);
    return;
  }
  for await (const { frame, timestampUs } of new VideoStream(track)) {
    // An 8x8 picture is WebRTC's own, of a track that has ended.
    if (frame.width <= 8) continue;
    const { data, width, height } =
      frame.type === VideoBufferType.I420 ? frame : frame.convert(VideoBufferType.I420);
    events.picture(known, { data, width, height }, seenAt(timestampUs));
  }
}

function asPublished(
  { sid = '', kind, source }: RemoteTrackPublication,
  { identity, info }: RemoteParticipant,
): Published {
  return {
    ...{ sid, identity, from: originOf(source) },
    kind: kind === TrackKind.KIND_VIDEO ? 'video' : 'audio',
    participantKind: info.kind ?? 0,
  };
}

function originOf(source: TrackSource | undefined): Published['from'] {
  switch (source) {
    case TrackSource.SOURCE_CAMERA:
      return 'camera';
    case TrackSource.SOURCE_MICROPHONE:
      return 'microphone';
    case TrackSource.SOURCE_SCREENSHARE:
      return 'screen';
    case TrackSource.SOURCE_SCREENSHARE_AUDIO:
      return 'screen-audio';
    default:
      return 'unknown';
  }
}

import { IngressState_Status, ParticipantInfo_Kind } from '@livekit/protocol';
import {
  EgressClient,
  type EgressStatus,
  EncodedFileOutput,
  EncodedFileType,
  IngressClient,
  RoomServiceClient,
} from 'livekit-server-sdk';
import type { Facts, RecordingFact } from './facts.ts';

/** LiveKit's own limit of a request is a minute, which is no pause in a conversation. */
const requestTimeout = 3;

/** What LiveKit's API knows. */
export function livekitFacts(options: {
  url: string;
  key: string;
  secret: string;
}): Pick<Facts, 'rooms' | 'recordings' | 'startRecording' | 'stopRecording' | 'streams'> {
  const { url, key, secret } = options;
  const limits = { requestTimeout };
  const rooms = new RoomServiceClient(url, key, secret, limits);
  const egress = new EgressClient(url, key, secret, limits);
  const ingress = new IngressClient(url, key, secret, limits);
  return {
    rooms: async () =>
      await Promise.all(
        (await rooms.listRooms()).map(async ({ name }) => {
          const all = await rooms.listParticipants(name);
          const people = all.filter(({ kind }) => kind === ParticipantInfo_Kind.STANDARD);
          return { name, people: people.map(({ identity, name: called }) => called || identity) };
        }),
      ),
    recordings: async (room) => {
      const all = await egress.listEgress({ roomName: room, active: true });
      return all.map(recordingFact);
    },
    startRecording: async (room) => {
      const file = new EncodedFileOutput({ fileType: EncodedFileType.MP4 });
      return recordingFact(await egress.startRoomCompositeEgress(room, { file }));
    },
    stopRecording: async (id) => {
      await egress.stopEgress(id);
    },
    streams: async () => {
      const all = await ingress.listIngress();
      return all.map(({ name, ingressId, state }) => ({
        name: name || ingressId,
        live: state?.status === IngressState_Status.ENDPOINT_PUBLISHING,
      }));
    },
  };
}

function recordingFact(info: {
  egressId: string;
  roomName: string;
  startedAt: bigint;
  status: EgressStatus;
}): RecordingFact {
  const { egressId, roomName, startedAt } = info;
  // Nanoseconds since 1970; 0 until it has begun.
  return {
    id: egressId,
    room: roomName,
    startedAt: startedAt === 0n ? undefined : new Date(Number(startedAt / 1_000_000n)),
  };
}

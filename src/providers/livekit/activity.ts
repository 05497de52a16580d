import { EgressClient, IngressClient, RoomServiceClient } from 'livekit-server-sdk';
import { textField } from '../../core/data.ts';
import type { Activity, ActivityQuestion } from '../activity.ts';
import type { Server } from '../provider.ts';
import { isHealthRoom } from './health-room.ts';
import { clientOptions, livekitServer } from './server.ts';

const timeoutMilliseconds = 2_000;

/** IngressState_Status.ENDPOINT_PUBLISHING of livekit_ingress.proto. */
const publishing = 2;

/**
 * What a LiveKit server and its workers do now: open rooms, people in them and the tracks that they publish; streams
 * that come in; recordings and streams that go out. A server that does not answer, and a worker that it does not know,
 * have no counts: nobody is told that they do nothing.
 */
export async function livekitActivity({
  server,
  reach,
  signal,
}: ActivityQuestion): Promise<readonly Activity[]> {
  const reached = await reach(server.probes[0].at, signal).catch(() => undefined);
  if (reached === undefined) return [];
  await using address = reached;
  const asked = livekitServer({ fields: server.probes[0].fields, address });
  const options = clientOptions({ server: asked, timeoutMilliseconds });
  const counted = async (role: string, count: () => Promise<Activity['counts']>): Promise<Activity[]> => {
    const counts = await count().catch(() => undefined);
    return counts === undefined ? [] : [{ role, counts }];
  };
  const found = await Promise.all([
    counted(server.role, () => roomsIn(new RoomServiceClient(...options))),
    ...workersOf(server, 'ingress').map((role) =>
      counted(role, async () => {
        const all = await new IngressClient(...options).listIngress();
        return [{ what: 'streams', count: all.filter(({ state }) => state?.status === publishing).length }];
      }),
    ),
    ...workersOf(server, 'egress').map((role) =>
      counted(role, async () => {
        const all = await new EgressClient(...options).listEgress({ active: true });
        return [{ what: 'recordings', count: all.length }];
      }),
    ),
  ]);
  return found.flat();
}

/** Asks for the participants, because a room's own count lags behind by seconds. */
async function roomsIn(client: RoomServiceClient): Promise<Activity['counts']> {
  const rooms = (await client.listRooms()).map(({ name }) => name).filter((name) => !isHealthRoom(name));
  const people = (await Promise.all(rooms.map((name) => client.listParticipants(name)))).flat();
  const seen = people.filter(({ permission }) => permission?.hidden !== true);
  return [
    { what: 'rooms', count: rooms.length },
    { what: 'participants', count: seen.length },
    { what: 'streams', count: people.reduce((sum, { tracks }) => sum + tracks.length, 0) },
  ];
}

/** The containers that a check of the server is about. */
function workersOf({ probes }: Server, aspect: string): readonly string[] {
  return probes.flatMap(({ fields, needs }) => (textField(fields, 'aspect') === aspect ? needs : []));
}

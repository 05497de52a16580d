import { type ParticipantInfo, RoomServiceClient, TwirpError } from 'livekit-server-sdk';
import { isHealthRoom } from './health-room.ts';
import { clientOptions, type LivekitServer } from './server.ts';

/** A room that is open right now, and how many people are in it. */
export type LiveRoom = { name: string; participants: number };

/**
 * Counts open rooms and their participants. It lists the participants, because a room's own count lags behind by
 * seconds. Rooms of deep checks and hidden participants (recorders) do not count.
 *
 * @returns undefined if the server does not answer in time: then nobody is in a room that could be reached either
 * @throws TwirpError if it answers, but does not say: it may have been started with another key
 */
export async function findLiveRooms(options: {
  server: LivekitServer;
  timeoutMilliseconds: number;
}): Promise<readonly LiveRoom[] | undefined> {
  const client = new RoomServiceClient(...clientOptions(options));
  try {
    const all = (await client.listRooms()).map(({ name }) => name);
    return await Promise.all(
      all
        .filter((name) => !isHealthRoom(name))
        .map(async (name) => {
          const people = await client.listParticipants(name);
          return { name, participants: people.filter(isSeen).length };
        }),
    );
  } catch (cause) {
    if (cause instanceof TwirpError) throw cause;
    return undefined;
  }
}

function isSeen({ permission }: ParticipantInfo): boolean {
  return permission?.hidden !== true;
}

/**
 * Ends rooms, so that their participants are told and the server, which waits for the last participant when it is asked
 * to stop, can stop immediately. Rooms that this cannot end go down with the server.
 */
export async function endRooms(options: {
  server: LivekitServer;
  rooms: readonly string[];
  timeoutMilliseconds: number;
}): Promise<void> {
  const client = new RoomServiceClient(...clientOptions(options));
  await Promise.allSettled(options.rooms.map((room) => client.deleteRoom(room)));
}

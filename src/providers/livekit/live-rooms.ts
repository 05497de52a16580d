import { type ParticipantInfo, RoomServiceClient, TwirpError } from 'livekit-server-sdk';
import { isHealthRoom } from './health-room.ts';
import { clientOptions, type LivekitServer } from './server.ts';

/** A room that is open right now, and how many people are in it. */
export type LiveRoom = { name: string; participants: number };

/**
 * Looks for open rooms and counts who is in them. A room's own number of participants lags behind by seconds, so
 * they are listed. Rooms of deep checks are nobody's loss, and who is hidden records and is no person.
 *
 * @returns nothing where the server does not answer in time: then nobody is in a room that could be reached either
 * @throws TwirpError where it answers, but does not say: it may have been started with another key
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
 * Ends rooms, so that everybody in them is told, and the server, which waits for the last one to leave when it is
 * asked to stop, can stop at once. What cannot be ended here ends with the server.
 */
export async function endRooms(options: {
  server: LivekitServer;
  rooms: readonly string[];
  timeoutMilliseconds: number;
}): Promise<void> {
  const client = new RoomServiceClient(...clientOptions(options));
  await Promise.allSettled(options.rooms.map((room) => client.deleteRoom(room)));
}

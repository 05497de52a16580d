import type { Probe } from '../stack/model.ts';

/**
 * How many rooms are open, and how many participants are in them.
 *
 * @returns nothing where the server does not answer in time: then nobody is in a room that could be reached either
 */
export async function countLiveRooms(options: {
  server: Extract<Probe, { kind: 'livekit' }>;
  timeoutMilliseconds: number;
}): Promise<{ rooms: number; participants: number } | undefined> {
  const { server, timeoutMilliseconds } = options;
  const { RoomServiceClient } = await import('livekit-server-sdk');
  const client = new RoomServiceClient(
    `http://${server.host}:${server.port}`,
    server.apiKey.reveal(),
    server.apiSecret.reveal(),
    { requestTimeout: timeoutMilliseconds / 1000 },
  );
  try {
    const rooms = await client.listRooms();
    return { rooms: rooms.length, participants: rooms.reduce((sum, room) => sum + room.numParticipants, 0) };
  } catch {
    return undefined;
  }
}

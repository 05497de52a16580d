import { type JoinResponse, SignalResponse } from '@livekit/protocol';
import type { Reply } from '../../core/probes/ask.ts';
import { type Door, type OpenDoor, openDoor } from '../../core/probes/door.ts';
import { authority } from '../../core/socket-address.ts';
import { healthRoom } from './health-room.ts';
import { endRooms } from './live-rooms.ts';
import type { Aspect } from './probe.ts';
import type { LivekitServer } from './server.ts';
import { firstMessage } from './socket.ts';
import { accessToken } from './token.ts';

/** A participant joins at the name that clients are given, through the front door: signalling, without media. */
export const join: Aspect['run'] = async (options): Promise<Reply> => {
  const { server, door: at, url: told, way, believed, signal } = options;
  if (way === undefined || at === undefined || told === undefined)
    throw new Error('the way to the front door is not known');
  const url = new URL(told);
  await using address = await way(at);
  const door: Door = {
    address,
    name: url.hostname,
    ...(url.protocol === 'wss:' ? { tls: { believed } } : {}),
  };
  const began = performance.now();
  const { certificate } = await joinBriefly({ server, door, signal });
  const milliseconds = Math.round(performance.now() - began);
  const { text, warns } = certificate;
  const came = `${url.protocol}//${url.host} at ${authority(address)} let a participant in within ${milliseconds} ms${text}`;
  return { ok: true, came, ...(warns ? { warns } : {}) };
};

/**
 * Joins a room of its own and leaves it; the room goes again.
 *
 * @returns what the server tells who joins, and what there is to say about the door's certificate
 */
export async function joinBriefly(options: {
  server: LivekitServer;
  door: Door;
  signal: AbortSignal;
}): Promise<Pick<JoinResponse, 'iceServers'> & Pick<OpenDoor, 'certificate'>> {
  const { server, door, signal } = options;
  const room = healthRoom();
  const token = await accessToken({
    server,
    identity: 'arc-health-guest',
    ttl: 60,
    grant: { room, roomCreate: true },
  });
  const { socket, certificate } = await openDoor({ ...door, signal });
  try {
    const path = `/rtc?protocol=15&access_token=${token}`;
    const { message } = SignalResponse.fromBinary(await firstMessage({ socket, name: door.name, path }));
    if (message.case !== 'join') throw new Error(`the server greets with ${message.case ?? 'nothing'}`);
    return { iceServers: message.value.iceServers, certificate };
  } finally {
    socket.destroy();
    await endRooms({ server, rooms: [room], timeoutMilliseconds: 1_000 });
  }
}

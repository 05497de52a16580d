import { RoomServiceClient } from 'livekit-server-sdk';
import { httpProbe } from '../../core/probes/http.ts';
import { refusedBy } from './api.ts';
import { healthRoom } from './health-room.ts';
import type { Aspect } from './probe.ts';
import { clientOptions } from './server.ts';

/**
 * Tests the server and its Redis: `GET /` answers 406 if the server has lost Redis. A created room must be found again,
 * because rooms are in Redis, and removed, because that goes through Redis to the room's node.
 */
export const keepsState: Aspect['run'] = async (options) => {
  const { server, timeoutMilliseconds, signal } = options;
  const ready = await httpProbe.ask({
    fields: { path: '/', status: 200 },
    address: server.address,
    timeoutMilliseconds,
    signal,
  });
  if (!ready.ok) {
    const lost = ready.reply.startsWith('406');
    return {
      ok: false,
      came: lost ? 'the server has lost its Redis (GET / is 406)' : `GET /: ${ready.reply}`,
    };
  }
  const rooms = new RoomServiceClient(...clientOptions(options));
  // Should arc be killed here, the server closes the empty room by itself.
  const name = healthRoom();
  try {
    await rooms.createRoom({ name, emptyTimeout: 10, maxParticipants: 1 });
    const found = await rooms.listRooms([name]);
    await rooms.deleteRoom(name);
    return found.length === 1
      ? { ok: true, came: 'created, found and removed' }
      : { ok: false, came: 'the server does not find a room that it created' };
  } catch (cause) {
    return refusedBy(cause);
  }
};

import { SignalResponse } from '@livekit/protocol';
import type { Reply } from '../../core/probes/ask.ts';
import { authority, origin } from '../../core/socket-address.ts';
import { healthRoom } from './health-room.ts';
import { endRooms } from './live-rooms.ts';
import { hear, type Relay } from './media.ts';
import type { Aspect } from './probe.ts';
import type { LivekitServer } from './server.ts';
import { accessToken } from './token.ts';

/** The port of TURN in the manifest, where plain TCP goes to: TLS ends in front of it. */
const port = 'turn';

/**
 * The server tells a participant who they are at its TURN server, and two participants hear each other who use nothing
 * but that. Whether somebody elsewhere gets to port 443 of its name is not asked here.
 */
export const turn: Aspect['run'] = async ({ server, timeoutMilliseconds, signal, way }): Promise<Reply> => {
  if (way === undefined) throw new Error('the way to the port of TURN is not known');
  const began = performance.now();
  const told = await toldRelay({ server, signal });
  if (told === undefined)
    return { ok: false, missing: true, came: 'not tried: TURN is off in this workspace' };
  await using address = await way(port);
  const left = Math.max(1, Math.floor(timeoutMilliseconds - (performance.now() - began)));
  const relay = { ...told, url: `turn:${authority(address)}?transport=tcp` };
  const reply = await hear({ server, relay, timeoutMilliseconds: left, signal });
  return reply.ok ? { ...reply, came: `${reply.came}; clients use ${told.url}` } : reply;
};

/** What the server tells somebody who joins. Their room goes again. */
async function toldRelay(options: {
  server: LivekitServer;
  signal: AbortSignal;
}): Promise<Relay | undefined> {
  const { server, signal } = options;
  const room = healthRoom();
  const token = await accessToken({
    server,
    identity: 'arc-health-relay',
    ttl: 60,
    grant: { room, roomCreate: true },
  });
  const url = `${origin(server.address).replace(/^http/, 'ws')}/rtc?protocol=15&access_token=${token}`;
  const socket = new WebSocket(url);
  socket.binaryType = 'arraybuffer';
  const close = (): void => socket.close();
  signal.addEventListener('abort', close, { once: true });
  try {
    const { message } = SignalResponse.fromBinary(new Uint8Array(await firstMessage(socket)));
    if (message.case !== 'join') throw new Error(`the server greets with ${message.case ?? 'nothing'}`);
    const turn = message.value.iceServers.find(({ urls }) => urls.some((one) => /^turns?:/.test(one)));
    const [first] = turn?.urls ?? [];
    if (turn === undefined || first === undefined) return undefined;
    return { url: first, username: turn.username, password: turn.credential };
  } finally {
    signal.removeEventListener('abort', close);
    close();
    await endRooms({ server, rooms: [room], timeoutMilliseconds: 1_000 });
  }
}

function firstMessage(socket: WebSocket): Promise<ArrayBuffer> {
  return new Promise((resolve, reject) => {
    socket.addEventListener('message', ({ data }) => resolve(data as ArrayBuffer), { once: true });
    socket.addEventListener('close', () => reject(new Error('the server refused the participant')), {
      once: true,
    });
    socket.addEventListener('error', () => reject(new Error('the server refused the participant')), {
      once: true,
    });
  });
}

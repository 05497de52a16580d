import type { Reply } from '../../core/probes/ask.ts';
import { authority } from '../../core/socket-address.ts';
import { openTunnel } from './front-door.ts';
import { joinBriefly } from './join.ts';
import { hear } from './media.ts';
import type { Aspect } from './probe.ts';
import type { LivekitServer } from './server.ts';
import type { Relay } from './webrtc/task.ts';

/**
 * The server tells a participant who they are at its TURN server, and two participants hear each other who use nothing
 * but that, through the port where TLS ends. Whether somebody elsewhere gets to that port is not asked here.
 */
export const turn: Aspect['run'] = async (options): Promise<Reply> => {
  const { server, timeoutMilliseconds, signal, door, way, believed } = options;
  if (way === undefined || door === undefined) throw new Error('the way to TURN is not known');
  const began = performance.now();
  const told = await toldRelay({ server, signal });
  if (told === undefined)
    return { ok: false, missing: true, came: 'not tried: TURN is off in this workspace' };
  const name = hostOf(told.url);
  const tunnel = await openTunnel({ door, way, name, believed, signal });
  if (!tunnel.ok)
    return {
      ok: false,
      came: `clients use ${told.url}, and the ${door.role} does not let them through: ${tunnel.because}`,
    };
  await using address = tunnel.address;
  const left = Math.max(1, Math.floor(timeoutMilliseconds - (performance.now() - began)));
  const relay = { ...told, url: `turn:${authority(address)}?transport=tcp` };
  const reply = await hear({ server, relay, timeoutMilliseconds: left, signal });
  return reply.ok ? { ...reply, came: `${reply.came}, all of it through ${told.url}` } : reply;
};

/** The host of `turns:turn.arc.local:443?transport=tcp`. */
function hostOf(url: string): string {
  return new URL(url.replace(/^turns?:/, 'https://')).hostname;
}

/** The server's message to somebody who joins. The room is removed afterwards. */
async function toldRelay(options: {
  server: LivekitServer;
  signal: AbortSignal;
}): Promise<Relay | undefined> {
  const { server, signal } = options;
  const { address } = server;
  const { iceServers } = await joinBriefly({ server, door: { address, name: address.host }, signal });
  const turn = iceServers.find(({ urls }) => urls.some((one) => /^turns?:/.test(one)));
  const [first] = turn?.urls ?? [];
  if (turn === undefined || first === undefined) return undefined;
  return { url: first, username: turn.username, password: turn.credential };
}

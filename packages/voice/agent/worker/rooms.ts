import { AgentDispatchClient, RoomServiceClient } from 'livekit-server-sdk';
import type { SeenRoom } from './missing-agents.ts';

/** How long one call to LiveKit's API may take, in seconds. */
const patience = 3;

/** `ParticipantInfo.Kind` of livekit_models.proto: people (in an application, or on a telephone), and agents. */
const people: readonly number[] = [0, 3];
const agentKind = 4;

/** `DataPacket.Kind`: it arrives, or is sent again. */
const reliable = 0;

/** What the worker asks LiveKit's API. */
export type Rooms = {
  list: () => Promise<readonly SeenRoom[]>;
  /** Asks the server to send an agent. */
  send: (room: string) => Promise<void>;
  /** Tells everybody in a room, as data with the topic `arc.agent`. */
  tell: (room: string, message: { state: 'full' }) => Promise<void>;
};

/** @param options.url of the server; `ws:` is read as `http:` */
export function openRooms(options: { url: string; key: string; secret: string }): Rooms {
  const host = options.url.replace(/^ws/, 'http');
  const settings = { requestTimeout: patience, failover: false };
  const rooms = new RoomServiceClient(host, options.key, options.secret, settings);
  const dispatches = new AgentDispatchClient(host, options.key, options.secret, settings);
  const seen = async (name: string, metadata: string): Promise<SeenRoom> => {
    const all = await rooms.listParticipants(name);
    return {
      name,
      metadata,
      callers: all.filter(({ kind }) => people.includes(kind)).map(({ sid }) => sid),
      agents: all.filter(({ kind }) => kind === agentKind).length,
    };
  };
  return {
    list: async () =>
      await Promise.all((await rooms.listRooms()).map(({ name, metadata }) => seen(name, metadata))),
    send: async (room) => void (await dispatches.createDispatch(room, '')),
    tell: async (room, message) => {
      const data = new TextEncoder().encode(JSON.stringify(message));
      await rooms.sendData(room, data, reliable, { topic: 'arc.agent' });
    },
  };
}

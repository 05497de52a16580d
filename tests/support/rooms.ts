import { join } from 'node:path';
import { execa } from 'execa';
import { AccessToken, RoomServiceClient } from 'livekit-server-sdk';
import { untilLine } from './run-arc.ts';

/** How the tests reach and sign for the LiveKit server. */
export type LivekitCredentials = { apiKey: string; apiSecret: string };

/** The development pair, as the manifest has it. */
export const devLivekit: LivekitCredentials = {
  apiKey: 'devkey',
  apiSecret: 'devsecret-for-local-development-only',
};

const address = '127.0.0.1:7880';

export function roomService({ apiKey, apiSecret } = devLivekit): RoomServiceClient {
  return new RoomServiceClient(`http://${address}`, apiKey, apiSecret, { requestTimeout: 10 });
}

/** A participant who is in the room until it is ended, or leaves. */
export type Guest = {
  /** Says goodbye, as a person does. */
  leave: () => Promise<void>;
  /** Resolves when the server has put an end to it. */
  disconnected: () => Promise<void>;
};

/** A real WebRTC participant in a process of its own; resolves when it is in the room. */
export async function joinRoom(options: {
  room: string;
  identity: string;
  environment: Readonly<Record<string, string>>;
  credentials?: LivekitCredentials;
}): Promise<Guest> {
  const { room, identity, environment, credentials = devLivekit } = options;
  const token = new AccessToken(credentials.apiKey, credentials.apiSecret, { identity, ttl: 600 });
  token.addGrant({ room, roomJoin: true, roomCreate: true });
  const guest = execa(process.execPath, [join(import.meta.dirname, 'room-guest.ts'), `ws://${address}`], {
    env: environment,
    input: await token.toJwt(),
    reject: false,
    timeout: 120_000,
  });
  await untilLine(guest.readable(), (line) => line.endsWith('joined'));
  return {
    leave: async () => {
      guest.kill();
      await guest;
    },
    disconnected: async () => {
      const { exitCode, stdout } = await guest;
      if (exitCode !== 0 || !stdout.includes('disconnected'))
        throw new Error(`${identity} was not disconnected by the server:\n${stdout}`);
    },
  };
}

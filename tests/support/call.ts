import { join } from 'node:path';
import { execa } from 'execa';
import { AccessToken } from 'livekit-server-sdk';
import type { Call, CallOrder } from './caller.ts';
import { devLivekit, type LivekitCredentials } from './rooms.ts';

/**
 * Two participants call each other from a browser in another network.
 *
 * @param options.before starts a program there
 * @throws with what the browser said, where nobody is heard
 */
export async function callFrom(
  options: Omit<CallOrder, 'speaker' | 'listener' | 'limitMilliseconds'> & {
    before: readonly string[];
    room: string;
    credentials?: LivekitCredentials;
    limitMilliseconds?: number;
  },
): Promise<Call> {
  const { before, room, credentials = devLivekit, limitMilliseconds = 30_000, ...rest } = options;
  const order: CallOrder = { ...rest, ...(await callTokens({ room, credentials })), limitMilliseconds };
  const script = join(import.meta.dirname, 'caller.ts');
  const [program = '', ...args] = [...before, process.execPath, script];
  const { stdout } = await execa(program, args, {
    input: JSON.stringify(order),
    timeout: limitMilliseconds + 60_000,
  });
  return JSON.parse(stdout) as Call;
}

/** Lets two participants into a room. */
export async function callTokens(options: {
  room: string;
  credentials?: LivekitCredentials;
}): Promise<{ speaker: string; listener: string }> {
  const { room, credentials = devLivekit } = options;
  const tokenOf = (identity: string): Promise<string> => {
    const token = new AccessToken(credentials.apiKey, credentials.apiSecret, { identity, ttl: 600 });
    token.addGrant({ room, roomJoin: true, roomCreate: true, canPublish: true, canSubscribe: true });
    return token.toJwt();
  };
  return { speaker: await tokenOf('speaker'), listener: await tokenOf('listener') };
}

import { RoomServiceClient, type TwirpError } from 'livekit-server-sdk';
import type { Reply } from '../../core/probes/ask.ts';
import type { Aspect } from './probe.ts';
import { clientOptions } from './server.ts';

/** A room that does not exist, so that the list is short on a busy server. */
const noRoom = 'arc-health';

/** A call that only the holder of the key may make is answered. */
export const answersApi: Aspect['run'] = async (options) => {
  await new RoomServiceClient(...clientOptions(options)).listRooms([noRoom]);
  return { ok: true, came: 'answered' };
};

/** The same call, signed with another secret, gets 401. */
export const refusesWrongSignature: Aspect['run'] = async (options) => {
  const [host, key, , settings] = clientOptions(options);
  const wrongSecret = 'not-the-secret-of-this-server-and-32-characters-long';
  try {
    await new RoomServiceClient(host, key, wrongSecret, settings).listRooms([noRoom]);
  } catch (cause) {
    const { status } = apiError(cause);
    return { ok: status === 401, came: status === 401 ? 'refused with 401' : `${status}, expected 401` };
  }
  return { ok: false, came: 'accepted, although it was signed with a wrong secret' };
};

/** HTTP status, Twirp's code (`unavailable`) and words of an answer that was an error; other errors are thrown on. */
export function apiError(cause: unknown): { status: number; code: string; message: string } {
  const { status, code, message } = cause as Partial<TwirpError>;
  if (typeof status !== 'number') throw cause;
  return { status, code: code ?? '', message: message ?? '' };
}

/** `503 unavailable, no response from servers`. */
export function refusedBy(cause: unknown): Reply {
  const { status, code, message } = apiError(cause);
  return { ok: false, came: [`${status} ${code}`.trim(), message].filter(Boolean).join(', ') };
}

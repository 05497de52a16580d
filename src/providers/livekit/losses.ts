import { textField } from '../../core/data.ts';
import { explain } from '../../core/probes/ask.ts';
import type { LossQuestion, Server, ServerLoss } from '../provider.ts';
import { endRooms, findLiveRooms, type LiveRoom } from './live-rooms.ts';
import { countRecordings } from './recordings.ts';
import { type LivekitServer, livekitServer } from './server.ts';

/** For each call to the server, and for reaching it. */
const timeoutMilliseconds = 2_000;

/**
 * Rooms and participants, if the server stops; recordings, if the server or the recorder stops. A server that does not
 * answer has no participants who could be reached.
 */
export async function livekitLosses(question: LossQuestion): Promise<readonly ServerLoss[]> {
  const { server, stops } = question;
  const { role } = server;
  const recorder = recordersOf(server).find((one) => stops.has(one));
  if (!stops.has(role) && recorder === undefined) return [];
  const found = await atServer(question, async (asked) => {
    const rooms = stops.has(role) ? await roomsLost({ server: asked, role }) : [];
    return rooms && [...rooms, ...(await recordingsLost({ server: asked, role: recorder ?? role }))];
  });
  return found ?? [];
}

/** @returns undefined if the server does not answer */
async function roomsLost(options: {
  server: LivekitServer;
  role: string;
}): Promise<readonly ServerLoss[] | undefined> {
  const { server, role } = options;
  try {
    const found = await findLiveRooms({ server, timeoutMilliseconds });
    // An empty room loses nothing: it is created again when somebody joins.
    const peopled = found?.filter(({ participants }) => participants > 0);
    return peopled && (peopled.length === 0 ? [] : [loss(role, describeRooms(peopled))]);
  } catch (cause) {
    return [loss(role, `any open room (the server does not list them: ${explain(cause)})`)];
  }
}

/** Ends the rooms of a server that stops, empty ones too: it waits for them to end, and need not then. */
export async function endLiveRooms(question: LossQuestion): Promise<void> {
  if (!question.stops.has(question.server.role)) return;
  await atServer(question, async (server) => {
    const live = (await findLiveRooms({ server, timeoutMilliseconds }).catch(() => undefined)) ?? [];
    await endRooms({ server, rooms: live.map(({ name }) => name), timeoutMilliseconds });
  });
}

async function recordingsLost(options: {
  server: LivekitServer;
  role: string;
}): Promise<readonly ServerLoss[]> {
  const { server, role } = options;
  try {
    const count = await countRecordings({ server, timeoutMilliseconds });
    if (count === 0) return [];
    return [loss(role, `${count} ${count === 1 ? 'recording' : 'recordings'} in progress`)];
  } catch (cause) {
    return [loss(role, `any recording in progress (the server does not list them: ${explain(cause)})`)];
  }
}

/** Asks a server that can be reached. @returns nothing of one that cannot */
async function atServer<Result>(
  { server, reach, signal }: LossQuestion,
  ask: (server: LivekitServer) => Promise<Result>,
): Promise<Result | undefined> {
  const [probe] = server.probes;
  const limit = AbortSignal.any([signal, AbortSignal.timeout(timeoutMilliseconds)]);
  const reached = await reach(probe.at, limit).catch(() => undefined);
  if (reached === undefined) return undefined;
  await using address = reached;
  return await ask(livekitServer({ fields: probe.fields, address }));
}

/** The containers that record: what the check of egress is about. */
function recordersOf({ probes }: Server): readonly string[] {
  return probes.flatMap(({ fields, needs }) => (textField(fields, 'aspect') === 'egress' ? needs : []));
}

function loss(role: string, text: string): ServerLoss {
  return { role, kind: 'live', text };
}

/** `2 rooms, 5 participants`. */
function describeRooms(rooms: readonly LiveRoom[]): string {
  const people = rooms.reduce((sum, { participants }) => sum + participants, 0);
  const open = `${rooms.length} ${rooms.length === 1 ? 'room' : 'rooms'}`;
  return `${open}, ${people} ${people === 1 ? 'participant' : 'participants'}`;
}

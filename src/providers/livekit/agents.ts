import { setTimeout as sleep } from 'node:timers/promises';
import type { AgentDispatch, ParticipantInfo } from '@livekit/protocol';
import { AgentDispatchClient, RoomServiceClient } from 'livekit-server-sdk';
import type { AgentQuestion, AgentRoom, AgentTools, Dispatch, RoomAgent } from '../agents.ts';
import { isHealthRoom } from './health-room.ts';
import { sayInRoom } from './say.ts';
import { clientOptions, livekitServer } from './server.ts';

/** How long one call may take. */
const timeoutMilliseconds = 5_000;

/** How often an answer is looked for. */
const lookMilliseconds = 100;

/** ParticipantInfo.Kind.AGENT of livekit_models.proto. */
const agentKind = 4;

/** What `arc agents` asks a LiveKit server. */
export const livekitAgentTools: AgentTools = {
  rooms: async (question) => {
    const { rooms, dispatches } = clients(question);
    const names = (await rooms.listRooms()).map(({ name }) => name).filter((name) => !isHealthRoom(name));
    return await Promise.all(
      names.map(async (room) =>
        roomOf({
          room,
          present: await rooms.listParticipants(room),
          dispatched: await dispatches.listDispatch(room),
        }),
      ),
    );
  },
  dispatch: async (question) => {
    const { room, name, metadata, patience, signal } = question;
    const { dispatches } = clients(question);
    const created = await dispatches.createDispatch(room, name, metadata === '' ? {} : { metadata });
    const until = performance.now() + patience;
    for (;;) {
      const found = await dispatches.getDispatch(created.id, room);
      const dispatch = dispatchOf(found ?? created);
      if (dispatch.job !== undefined) return dispatch;
      if (performance.now() > until) {
        // Nobody should come later, when it has been said that nobody came.
        await dispatches.deleteDispatch(created.id, room);
        return dispatch;
      }
      await sleep(lookMilliseconds, undefined, { signal });
    }
  },
  say: async (question) =>
    await sayInRoom({
      ...question,
      client: clients(question).rooms,
      server: livekitServer({ fields: question.server.probes[0].fields, address: question.address }),
    }),
};

function clients({ server, address }: AgentQuestion) {
  const options = clientOptions({
    server: livekitServer({ fields: server.probes[0].fields, address }),
    timeoutMilliseconds,
  });
  return { rooms: new RoomServiceClient(...options), dispatches: new AgentDispatchClient(...options) };
}

/**
 * A room with its agents: who is there, and not what the server once gave a job, because it does not say later how that
 * ended. Pure.
 */
export function roomOf(options: {
  room: string;
  present: readonly ParticipantInfo[];
  dispatched: readonly AgentDispatch[];
}): AgentRoom {
  const { room, present, dispatched } = options;
  const jobs = dispatched.flatMap(({ agentName, state }) =>
    (state?.jobs ?? []).map((job) => ({ name: agentName, job })),
  );
  const seen = present.filter(({ permission }) => permission?.hidden !== true);
  return {
    room,
    people: seen.filter(({ kind }) => kind !== agentKind).length,
    agents: seen
      .filter(({ kind }) => kind === agentKind)
      .map(({ identity, attributes }): RoomAgent => {
        const own = jobs.find(({ job }) => job.state?.participantIdentity === identity);
        const state = attributes['lk.agent.state'];
        return {
          identity,
          ...(own === undefined ? {} : { job: own.job.id, name: own.name }),
          ...(state === undefined ? {} : { state }),
        };
      }),
    dispatches: dispatched.map(dispatchOf),
  };
}

function dispatchOf({ id, agentName, state }: AgentDispatch): Dispatch {
  const [job] = (state?.jobs ?? []).toReversed();
  const createdAt = new Date(Number((state?.createdAt ?? 0n) / 1_000_000n));
  if (job === undefined) return { id, name: agentName, createdAt };
  const error = job.state?.error;
  return { id, name: agentName, createdAt, job: { id: job.id, ...(error ? { error } : {}) } };
}

import { type ArcError, failed, invalid } from '../../core/errors.ts';
import { nearest } from '../../core/nearest.ts';
import type { AgentRoom, Dispatch } from '../../providers/agents.ts';
import type { Context } from '../context.ts';
import { openAgents, type Worker } from './open-agents.ts';

/**
 * Brings an agent into a room.
 *
 * @param options.name that workers have; absent: that of the project's only worker
 * @param options.patience how long a worker has to take it, in milliseconds
 * @throws ArcError `no-room`, `which-worker`, `agent-there`, `agent-not-sent`
 */
export async function dispatchAgent(options: {
  context: Context;
  room: string;
  name: string | undefined;
  metadata: string;
  patience: number;
}): Promise<Dispatch> {
  const { context, room, metadata, patience } = options;
  return await openAgents({
    context,
    use: async ({ workers, at }) =>
      await at(async (tools, question) => {
        const name = options.name ?? onlyName(workers);
        const { agents } = requireRoom({ rooms: await tools.rooms(question), room });
        const there = agents.find((agent) => agent.name === name);
        if (there !== undefined)
          throw failed({
            code: 'agent-there',
            message: `${named(name)} is in the room ${room} already, as ${there.identity}.`,
          });
        const dispatch = await tools.dispatch({ ...question, room, name, metadata, patience });
        if (dispatch.job === undefined || dispatch.job.error !== undefined)
          throw notSent({ dispatch, room, workers });
        return dispatch;
      }),
  });
}

/** @throws ArcError `no-room` */
export function requireRoom(options: { rooms: readonly AgentRoom[]; room: string }): AgentRoom {
  const { rooms, room } = options;
  const found = rooms.find((one) => one.room === room);
  if (found !== undefined) return found;
  const meant = nearest(
    room,
    rooms.map((one) => one.room),
  );
  throw failed({
    code: 'no-room',
    message: `There is no room ${room}.`,
    suggestion:
      meant === undefined
        ? `it opens when somebody joins: \`arc token --room ${room} --identity me\``
        : `did you mean \`${meant}\`?`,
  });
}

/** `The agent guide`; the one without a name is what rooms get by themselves. */
export function named(name: string): string {
  return name === '' ? 'An agent' : `The agent ${name}`;
}

function onlyName(workers: readonly Worker[]): string {
  const names = [...new Set(workers.flatMap(({ info }) => (info === undefined ? [] : [info.name])))];
  const [name, ...others] = names;
  if (others.length === 0) return name ?? '';
  throw invalid({
    code: 'which-worker',
    message: 'Workers of several names run.',
    detail: workers.flatMap(({ container, info }) =>
      info === undefined
        ? []
        : [`${container} has ${info.name === '' ? 'no name' : `the name ${info.name}`}`],
    ),
    suggestion: 'name one: `--agent <name>`, or `--agent ""` for the one without a name',
  });
}

/** Why nobody took an order: LiveKit does not say, so it is told what arc's own workers do. Pure. */
export function notSent(options: { dispatch: Dispatch; room: string; workers: readonly Worker[] }): ArcError {
  const { dispatch, room, workers } = options;
  const { name, job } = dispatch;
  const own = workers.filter(({ info }) => info?.name === name);
  const names = [...new Set(workers.flatMap(({ info }) => (info === undefined ? [] : [info.name])))];
  const meant = nearest(name, names);
  const detail =
    own.length > 0
      ? own.map(stateOf)
      : [
          'no worker of this project has that name; arc does not see workers of others',
          ...workers.map(stateOf),
        ];
  return failed({
    code: 'agent-not-sent',
    message:
      job?.error === undefined
        ? `No worker took the order to send ${name === '' ? 'an agent' : `the agent ${name}`} to the room ${room}.`
        : `The agent that was sent to the room ${room} failed: ${job.error}.`,
    detail,
    suggestion:
      own.length === 0 && meant !== undefined && meant !== ''
        ? `did you mean \`${meant}\`?`
        : 'a worker that is full takes nobody until a conversation ends; `arc agents logs` says more',
  });
}

function stateOf({ container, info, away }: Worker): string {
  if (away !== undefined) return `${container} takes nobody: ${away}`;
  const { name = '', conversations = 0 } = info ?? {};
  const count = conversations === 1 ? '1 conversation' : `${conversations} conversations`;
  return `${container} ${name === '' ? '' : `(${name}) `}is registered and holds ${count}`;
}

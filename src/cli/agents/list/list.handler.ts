import { openAgents, type Worker } from '../../../app/agents/open-agents.ts';
import { exitStatus } from '../../../core/errors.ts';
import type { AgentRoom } from '../../../providers/agents.ts';
import type { Handler } from '../../cli.ts';
import { formatAgents } from './format-agents.ts';

/** Shows who could take a conversation, and who holds one. */
export const listAgents: Handler<object> = async (_, cli) => {
  const found = await openAgents({
    context: cli,
    use: async ({ workers, at }) => ({
      workers,
      rooms: await at((tools, question) => tools.rooms(question)),
    }),
  });
  const { workers, rooms } = found;
  cli.result({
    data: { workers: workers.map(workerData), rooms: rooms.map(roomData) },
    text: () => formatAgents({ ...found, columns: cli.columns }),
  });
  return exitStatus.done;
};

function workerData({ role, container, info, away }: Worker) {
  return {
    ...{ role, container },
    name: info?.name ?? null,
    conversations: info?.conversations ?? null,
    sdk: info?.sdk ?? null,
    away: away ?? null,
  };
}

function roomData({ room, people, agents, dispatches }: AgentRoom) {
  return {
    ...{ room, people },
    agents: agents.map(({ identity, job = null, name = null, state = null }) => ({
      ...{ identity, session: job, name, state },
    })),
    dispatches: dispatches.map(({ id, name, createdAt, job }) => ({
      ...{ id, name, at: createdAt.toISOString(), session: job?.id ?? null, error: job?.error ?? null },
    })),
  };
}

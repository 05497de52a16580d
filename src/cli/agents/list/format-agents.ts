import type { Worker } from '../../../app/agents/open-agents.ts';
import type { AgentRoom } from '../../../providers/agents.ts';
import { formatTable } from '../../output/table.ts';

/** What is not in the list, because LiveKit has no list of workers. */
const unseen =
  'Workers that are not containers of this project are not listed: LiveKit has no list of workers. Their agents are.';

/** Two tables: who could take a conversation, and who is in which room. Pure. */
export function formatAgents(options: {
  workers: readonly Worker[];
  rooms: readonly AgentRoom[];
  columns: number;
}): string {
  const { workers, rooms, columns } = options;
  return [
    workers.length === 0 ? 'No worker of this project runs; `arc up agent` starts one.' : workerTable(),
    rooms.length === 0 ? 'No room is open.' : roomTable(),
    unseen,
  ].join('\n\n');

  function workerTable(): string {
    return formatTable({
      headings: ['WORKER', 'NAME', 'CONVERSATIONS', 'STATE'],
      rows: workers.map(({ container, info, away }) => [
        container,
        info === undefined ? '' : info.name || '(every room)',
        info === undefined ? '' : String(info.conversations),
        away ?? 'registered',
      ]),
      columns,
    });
  }

  function roomTable(): string {
    return formatTable({
      headings: ['ROOM', 'PEOPLE', 'AGENT', 'SESSION', 'STATE'],
      rows: rooms.flatMap(agentRows),
      columns,
    });
  }
}

function agentRows({ room, people, agents, dispatches }: AgentRoom): readonly (readonly string[])[] {
  const row = (agent: string, session: string, state: string) => [
    room,
    String(people),
    agent,
    session,
    state,
  ];
  const rows = [
    ...agents.map(({ identity, job = '', state = 'there' }) => row(identity, job, state)),
    ...dispatches
      .filter(({ job }) => job === undefined)
      .map(({ name }) => row(name, '', 'sent for, and no worker took it')),
  ];
  return rows.length === 0 ? [row('', '', 'no agent')] : rows;
}

import { agentLogs } from '../../../app/agents/agent-logs.ts';
import { defined } from '../../../core/defined.ts';
import { exitStatus, invalid } from '../../../core/errors.ts';
import type { Handler } from '../../cli.ts';
import { parseSince, parseTail, showLine } from '../../log-lines.ts';

type AgentLogsOptions = {
  room?: string;
  session?: string;
  follow?: boolean;
  since?: string;
  tail?: string;
  timestamps?: boolean;
};

/** The logs of workers, which hold each conversation in a process of its own. */
export const showAgentLogs: Handler<AgentLogsOptions> = async (options, cli) => {
  const { room, session, follow = false, timestamps = false } = options;
  const since = options.since === undefined ? undefined : parseSince(options.since);
  const tail = options.tail === undefined ? undefined : parseTail(options.tail);
  if (follow && tail !== undefined && (room ?? session) !== undefined)
    throw invalid({
      code: 'bad-flag',
      message: '--follow shows the lines of a conversation from its first one, so it takes no --tail.',
      suggestion: 'name a time: --since 10m',
    });
  await agentLogs({
    context: cli,
    filter: { room, session },
    follow,
    ...defined({ since, tail }),
    onLine: (line) => showLine({ cli, line, timestamps }),
    onFollow: () => cli.endsWithReader(),
  });
  return exitStatus.done;
};

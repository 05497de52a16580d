import { failed, invalid } from '../../core/errors.ts';
import type { AgentRoom, RoomAgent } from '../../providers/agents.ts';
import type { Context } from '../context.ts';
import { requireRoom } from './dispatch-agent.ts';
import { openAgents } from './open-agents.ts';

/** Longer texts are not for one breath: about a minute of speech. */
export const longestText = 1_000;

/**
 * Has an agent of a room say a sentence, and waits until it has.
 *
 * @param options.identity of the agent, where the room has several
 * @param options.patience milliseconds
 * @throws ArcError `no-room`, `no-agent`, `which-agent`, `say-refused`, `say-unanswered`
 */
export async function sayInRoom(options: {
  context: Context;
  room: string;
  text: string;
  identity: string | undefined;
  patience: number;
}): Promise<{ agent: RoomAgent; outcome: 'said' | 'interrupted' }> {
  const { context, room, text, patience } = options;
  return await openAgents({
    context,
    use: async ({ at }) =>
      await at(async (tools, question) => {
        const found = requireRoom({ rooms: await tools.rooms(question), room });
        const agent = agentOf({ found, identity: options.identity });
        const { identity } = agent;
        const outcome = await tools.say({ ...question, room, identity, text, patience });
        switch (outcome) {
          case 'said':
          case 'interrupted':
            return { agent, outcome };
          case 'refused':
            throw failed({
              code: 'say-refused',
              message: `The agent ${identity} did not accept the order.`,
              suggestion:
                'the clocks of this machine and of the Engine may differ by more than 30 s, or the agent has another API secret',
            });
          case 'unanswered':
            throw failed({
              code: 'say-unanswered',
              message: `The agent ${identity} did not say it within ${patience / 1000} s.`,
              detail: ['an agent that does not know orders of arc ignores them'],
              suggestion: '`arc agents list` shows what it does, `arc agents logs` what it wrote',
            });
          default:
            return outcome satisfies never;
        }
      }),
  });
}

/** The agent of a room that is meant. Pure. */
export function agentOf(options: { found: AgentRoom; identity: string | undefined }): RoomAgent {
  const { found, identity } = options;
  const { room, agents } = found;
  const meant = identity === undefined ? agents : agents.filter((agent) => agent.identity === identity);
  const [agent, ...others] = meant;
  if (agent === undefined)
    throw failed({
      code: 'no-agent',
      message: `There is no agent${identity === undefined ? '' : ` ${identity}`} in the room ${room}.`,
      suggestion: `\`arc agents dispatch ${room}\` brings one`,
    });
  if (others.length === 0) return agent;
  throw invalid({
    code: 'which-agent',
    message: `There are ${agents.length} agents in the room ${room}.`,
    detail: agents.map((one) => one.identity),
    suggestion: 'name one: `--agent <identity>`',
  });
}

import { longestText, sayInRoom } from '../../../app/agents/say-in-room.ts';
import { exitStatus, invalid } from '../../../core/errors.ts';
import type { Handler } from '../../cli.ts';

type SayOptions = {
  room: string;
  text: string;
  agent?: string;
  /** Milliseconds. */
  timeout: number;
};

/** Has the agent of a room say a sentence. */
export const say: Handler<SayOptions> = async (options, cli) => {
  const { room, agent: identity, timeout: patience } = options;
  const text = options.text.trim();
  if (text === '' || text.length > longestText)
    throw invalid({
      code: 'usage',
      message: `The text has ${text.length} characters; it takes 1 to ${longestText}.`,
    });
  const { agent, outcome } = await sayInRoom({ context: cli, room, text, identity, patience });
  cli.result({
    data: { room, agent: agent.identity, outcome },
    text: () =>
      outcome === 'said'
        ? `${agent.identity} said it in the room ${room}.`
        : `${agent.identity} began to say it in the room ${room}, and somebody interrupted it.`,
  });
  return exitStatus.done;
};

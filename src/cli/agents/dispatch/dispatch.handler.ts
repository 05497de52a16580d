import { dispatchAgent, named } from '../../../app/agents/dispatch-agent.ts';
import { exitStatus } from '../../../core/errors.ts';
import type { Handler } from '../../cli.ts';

type DispatchOptions = {
  room: string;
  agent?: string;
  metadata?: string;
  /** Milliseconds. */
  timeout: number;
};

/** Brings an agent into a room, and says by which session its lines are found. */
export const dispatch: Handler<DispatchOptions> = async (options, cli) => {
  const { room, agent, metadata = '', timeout: patience } = options;
  const { id, name, job } = await dispatchAgent({ context: cli, room, name: agent, metadata, patience });
  const session = job?.id ?? '';
  cli.result({
    data: { room, agent: name, dispatch: id, session },
    text: () =>
      `${named(name)} joins the room ${room}.\nIts lines: arc agents logs --session ${session} --follow`,
  });
  return exitStatus.done;
};

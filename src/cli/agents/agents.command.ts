import type { CommandRegistration } from '../cli.ts';
import { addDispatch } from './dispatch/dispatch.ts';
import { addEvaluate } from './evaluate/evaluate.ts';
import { addForget } from './forget/forget.ts';
import { addList } from './list/list.ts';
import { addLogs } from './logs/agent-logs.ts';
import { addSay } from './say/say.ts';

/** The verbs of `arc agents`, in the order of its help; each is a folder with its flags and its handler. */
const verbs: readonly CommandRegistration[] = [addList, addDispatch, addLogs, addSay, addEvaluate, addForget];

export const agents: CommandRegistration = (program, run) => {
  const group = program
    .command('agents')
    .description(
      'list agents and their rooms, bring one into a room, have it say something, score a session, forget a user',
    )
    .addHelpText(
      'after',
      '\nExamples:\n  arc agents list\n  arc agents dispatch demo\n  arc agents dispatch demo --agent guide --metadata \'{"language":"en"}\'\n  arc agents logs --room demo --follow\n  arc agents say demo "This room closes in five minutes."',
    );
  for (const add of verbs) add(group, run);
};

import type { CommandRegistration } from '../cli.ts';
import { addCheck } from './check/check.ts';
import { addForget } from './forget/forget.ts';
import { addLag } from './lag/lag.ts';
import { addList } from './list/list.ts';
import { addPublish } from './publish/publish.ts';
import { addReplay } from './replay/replay.ts';
import { addShow } from './show/show.ts';
import { addTail } from './tail/tail.ts';
import { addValidate } from './validate/validate.ts';

/** The verbs of `arc contract`, in the order of its help; each is a folder with its flags and its handler. */
const verbs: readonly CommandRegistration[] = [
  addList,
  addShow,
  addValidate,
  addCheck,
  addPublish,
  addTail,
  addReplay,
  addLag,
  addForget,
];

export const contract: CommandRegistration = (program, run) => {
  const group = program
    .command('contract')
    .description('list and check the contracts of messages, publish and read messages')
    .addHelpText(
      'after',
      '\nExamples:\n  arc contract list\n  arc contract show conversation\n  arc contract show agent --format asyncapi\n  arc contract validate brain-error message.json\n  arc contract check --against main\n  arc contract publish brain-error message.json --as brain\n  arc contract tail agent --where /user_id=user-123\n  arc contract replay conversation --since 2h\n  arc contract replay conversation --on nats\n  arc contract lag --on pulsar\n  arc contract forget user-123',
    );
  for (const add of verbs) add(group, run);
};

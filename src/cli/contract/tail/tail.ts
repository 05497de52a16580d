import type { CommandRegistration } from '../../cli.ts';
import { addFilterOptions } from '../filter.ts';

export const addTail: CommandRegistration = (group, run) => {
  addFilterOptions(group.command('tail'))
    .description('show messages as they arrive, and what breaks their contract')
    .action((messages, options, command) =>
      run(
        async () => (await import('./tail.handler.ts')).tail,
        { ...options, messages },
        command.optsWithGlobals(),
      ),
    );
};

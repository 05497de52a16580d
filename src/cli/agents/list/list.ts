import type { CommandRegistration } from '../../cli.ts';

export const addList: CommandRegistration = (group, run) => {
  group
    .command('list')
    .description('list the workers of the project, and the agents of each room')
    .action((options, command) =>
      run(async () => (await import('./list.handler.ts')).listAgents, options, command.optsWithGlobals()),
    );
};

import type { CommandRegistration } from '../../cli.ts';

export const addList: CommandRegistration = (group, run) => {
  group
    .command('list')
    .description('list the messages, their places on NATS and Pulsar, and who uses them')
    .option('--role <role>', 'only what this role publishes or receives')
    .action((options, command) =>
      run(async () => (await import('./list.handler.ts')).listContracts, options, command.optsWithGlobals()),
    );
};

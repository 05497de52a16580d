import type { CommandRegistration } from '../cli.ts';

export const services: CommandRegistration = (program, run) => {
  program
    .command('services')
    .description('list the services, their containers and their ports')
    .action((options, command) =>
      run(
        async () => (await import('./services.handler.ts')).listServices,
        options,
        command.optsWithGlobals(),
      ),
    );
};

import type { CommandRegistration } from '../cli.ts';

export const profiles: CommandRegistration = (program, run) => {
  program
    .command('profiles')
    .description('list the profiles and what each boots')
    .action((options, command) =>
      run(
        async () => (await import('./profiles.handler.ts')).listProfiles,
        options,
        command.optsWithGlobals(),
      ),
    );
};

import type { CommandRegistration } from '../cli.ts';

export const validate: CommandRegistration = (program, run) => {
  program
    .command('validate')
    .description('check every manifest and config file, and show all errors together')
    .action((options, command) =>
      run(
        async () => (await import('./validate.handler.ts')).validateWorkspace,
        options,
        command.optsWithGlobals(),
      ),
    );
};

import type { CommandRegistration } from '../../cli.ts';

export const addValidate: CommandRegistration = (group, run) => {
  group
    .command('validate')
    .argument('[message]', 'message that a body is to be checked as')
    .argument('[file]', 'file with the body as JSON (default: standard input)')
    .description('check every contract, or a body against the contract of its message')
    .action((message, file, options, command) =>
      run(
        async () => (await import('./validate.handler.ts')).validateContracts,
        { ...options, message, file },
        command.optsWithGlobals(),
      ),
    );
};

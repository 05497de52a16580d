import type { CommandRegistration } from '../../cli.ts';

export const addForget: CommandRegistration = (group, run) => {
  group
    .command('forget')
    .argument('<user>', "user's id, as their token has it")
    .description('remove what agents remember of a user, and make their messages unreadable')
    .option('-y, --yes', 'do not ask')
    .addHelpText('after', '\nExamples:\n  arc agents forget ada\n  arc agents forget ada --yes --json')
    .action((user: string, options: { yes?: boolean }, command) =>
      run(
        async () => (await import('./forget.handler.ts')).forgetInAgents,
        { ...options, user },
        command.optsWithGlobals(),
      ),
    );
};

import type { CommandRegistration } from '../../cli.ts';

type Options = { yes?: boolean; database?: string };

export const addForget: CommandRegistration = (group, run) => {
  group
    .command('forget')
    .argument('<user>', "user's id, as messages have it")
    .description("destroy a user's key, so that nobody can read their personal fields in any message")
    .option('-y, --yes', 'do not ask')
    .option('--database <name>', 'database that keeps the keys, if several have migrations')
    .addHelpText(
      'after',
      '\nExamples:\n  arc contract forget user-123\n  arc contract forget user-123 --yes --json',
    )
    .action((user: string, options: Options, command) =>
      run(
        async () => (await import('./forget.handler.ts')).forget,
        { ...options, user },
        command.optsWithGlobals(),
      ),
    );
};

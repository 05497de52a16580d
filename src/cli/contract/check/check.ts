import type { CommandRegistration } from '../../cli.ts';

export const addCheck: CommandRegistration = (group, run) => {
  group
    .command('check')
    .requiredOption('--against <ref>', 'branch, tag or commit of this clone with the older contracts')
    .description('say what has changed since a commit, and fail if it breaks a publisher or a reader')
    .action((options, command) =>
      run(
        async () => (await import('./check.handler.ts')).checkContracts,
        options,
        command.optsWithGlobals(),
      ),
    );
};

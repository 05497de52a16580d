import type { CommandRegistration } from '../cli.ts';

export const restore: CommandRegistration = (program, run) => {
  program
    .command('restore')
    .argument('<service>', 'service whose data is restored')
    .description("replace a service's data by that of a backup; asks you to type what is replaced")
    .option('--from <backup>', 'name of the backup (default: the newest); `arc backup list` shows them')
    .option('--database <name>', 'one database of the backup (default: all)')
    .option('--to <name>', 'restore that database under another name')
    .option('--lose <database...>', 'databases whose present rows may be lost, without being asked')
    .addHelpText(
      'after',
      '\nExamples:\n  arc restore sql\n  arc restore sql --from 2026-11-30T02-00-00Z --database agents --to agents_before',
    )
    .action((service, options, command) =>
      run(
        async () => (await import('./restore.handler.ts')).restoreService,
        { ...options, service },
        command.optsWithGlobals(),
      ),
    );
};

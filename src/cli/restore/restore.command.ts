import type { CommandRegistration } from '../cli.ts';

export const restore: CommandRegistration = (program, run) => {
  program
    .command('restore')
    .argument('<service>', 'service to restore')
    .description(
      "replace a service's data with a backup; asks you to type the name of each database that has data",
    )
    .option('--from <backup>', 'name of the backup (default: the newest); `arc backup list` shows them')
    .option('--database <name>', 'one database of the backup (default: all)')
    .option('--to <name>', 'name to restore the database of --database under')
    .option('--lose <database...>', 'databases whose current rows may be lost: do not ask about them')
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

import { InvalidArgumentError, Option } from 'commander';
import type { CommandRegistration } from '../cli.ts';

export const restore: CommandRegistration = (program, run) => {
  program
    .command('restore')
    .argument('<service>', 'service to restore')
    .description(
      "replace a service's data with a backup; asks you to type the name of each database that has data",
    )
    .option('--from <backup>', 'name of the backup (default: the newest); `arc backup list` shows them')
    .addOption(
      new Option('--to-time <time>', 'go back to a second: 2026-11-30T09:59:00Z (needs sql_point_in_time)')
        .argParser(parseTime)
        .conflicts('from'),
    )
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

/** ISO 8601 with a zone: what a local time means depends on who reads it. */
function parseTime(text: string): Date {
  const time = new Date(text);
  if (/T.*(?:Z|[+-]\d{2}:?\d{2})$/.test(text) && !Number.isNaN(time.getTime())) return time;
  throw new InvalidArgumentError('It takes a time with its zone, such as 2026-11-30T09:59:00Z.');
}

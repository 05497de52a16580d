import { InvalidArgumentError, Option } from 'commander';
import { addTimeout } from '../boot-options.ts';
import type { CommandRegistration } from '../cli.ts';

const database = (): Option =>
  new Option('--database <name>', 'database that is meant, if several have migrations');

function wholeNumber(text: string): number {
  if (!/^[1-9][0-9]{0,3}$/.test(text)) throw new InvalidArgumentError('It takes a whole number: 384.');
  return Number(text);
}

export const sql: CommandRegistration = (program, run) => {
  const group = program
    .command('sql')
    .description('migrate the SQL database, and look into it')
    .addHelpText(
      'after',
      '\nExamples:\n  arc sql status\n  arc sql new "add summaries"\n  arc sql migrate\n  arc sql shell --role voice_agent',
    );
  group
    .command('status')
    .description('list the migrations: pending, applied, changed since, or missing their file')
    .addOption(database())
    .action((options, command) =>
      run(async () => (await import('./sql.handler.ts')).showStatus, options, command.optsWithGlobals()),
    );
  group
    .command('new')
    .argument('<title>', 'what the migration does, for its file name')
    .description('write the next migration, without a statement yet')
    .addOption(database())
    .addOption(
      new Option(
        '--dimensions <count>',
        'draft one that gives vectors another size, and empties them',
      ).argParser(wholeNumber),
    )
    .action((title, options, command) =>
      run(
        async () => (await import('./sql.handler.ts')).draft,
        { ...options, title },
        command.optsWithGlobals(),
      ),
    );
  addTimeout(
    group
      .command('migrate')
      .description('apply pending migrations as `arc up` does, and leave containers as they are')
      .addOption(database()),
  ).action((options, command) =>
    run(async () => (await import('./sql.handler.ts')).migrate, options, command.optsWithGlobals()),
  );
  group
    .command('shell')
    .argument('[words...]', 'arguments for psql, after `--`')
    .description('run psql in the container of the database server, and exit with its status')
    .option(
      '--role <role>',
      'role that logs in; it must be declared with a password (default: the administrator)',
    )
    .addOption(database())
    .addHelpText(
      'after',
      "\nExamples:\n  arc sql shell\n  arc sql shell --role voice_agent -- -c 'SELECT count(*) FROM agents.conversations'",
    )
    .action((words, options, command) =>
      run(
        async () => (await import('./sql.handler.ts')).openShell,
        { ...options, words },
        command.optsWithGlobals(),
      ),
    );
};

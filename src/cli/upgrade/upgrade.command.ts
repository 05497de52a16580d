import { addImageOptions, addTimeout } from '../boot-options.ts';
import type { CommandRegistration } from '../cli.ts';
import { repeatable } from '../selection-options.ts';

export const upgrade: CommandRegistration = (program, run) => {
  addTimeout(
    addImageOptions(
      program
        .command('upgrade')
        .argument('<service>', 'service whose data is of an older version than its program reads')
        .addOption(repeatable('--set <name=value>', 'give a setting another value (repeatable)')),
    ),
  )
    .description("move a service's data to the version that its program reads now, and keep the old volume")
    .option('--dry-run', 'show what would be done, and change nothing')
    .option('-y, --yes', 'upgrade without asking')
    .addHelpText('after', '\nExamples:\n  arc upgrade sql --dry-run\n  arc upgrade sql')
    .action((service, options, command) =>
      run(
        async () => (await import('./upgrade.handler.ts')).upgradeService,
        { ...options, service },
        command.optsWithGlobals(),
      ),
    );
};

import type { CommandRegistration } from '../cli.ts';

export const backup: CommandRegistration = (program, run) => {
  const group = program
    .command('backup')
    .argument('<service>', 'service to back up')
    .description("back up a service's data to storage, with a manifest of row counts and hashes")
    .addHelpText('after', '\nExamples:\n  arc backup sql\n  arc backup list\n  arc backup verify');
  group.action((service, options, command) =>
    run(
      async () => (await import('./backup.handler.ts')).makeBackup,
      { ...options, service },
      command.optsWithGlobals(),
    ),
  );
  group
    .command('list')
    .description('list the backups, and the result of each verification')
    .option('--service <service>', 'service of the backups; required if several services have backups')
    .action((options, command) =>
      run(async () => (await import('./backup.handler.ts')).listBackups, options, command.optsWithGlobals()),
    );
  group
    .command('verify')
    .argument('[name]', 'name of a backup (default: the newest)')
    .description(
      'restore a backup into a temporary server, and compare the result with the manifest of the backup',
    )
    .option('--service <service>', 'service of the backups; required if several services have backups')
    .action((name, options, command) =>
      run(
        async () => (await import('./backup.handler.ts')).verifyBackup,
        { ...options, name },
        command.optsWithGlobals(),
      ),
    );
};

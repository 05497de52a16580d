import type { CommandRegistration } from '../cli.ts';

export const backup: CommandRegistration = (program, run) => {
  const group = program
    .command('backup')
    .argument('<service>', 'service whose data is backed up')
    .description("back a service's data up to storage, with a manifest of counts and hashes")
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
    .description('list the backups, and which of them were restored and compared')
    .option('--service <service>', 'service whose backups are meant, if several have any')
    .action((options, command) =>
      run(async () => (await import('./backup.handler.ts')).listBackups, options, command.optsWithGlobals()),
    );
  group
    .command('verify')
    .argument('[name]', 'name of a backup (default: the newest)')
    .description('restore a backup into a server that is thrown away, and compare it with its manifest')
    .option('--service <service>', 'service whose backups are meant, if several have any')
    .action((name, options, command) =>
      run(
        async () => (await import('./backup.handler.ts')).verifyBackup,
        { ...options, name },
        command.optsWithGlobals(),
      ),
    );
};

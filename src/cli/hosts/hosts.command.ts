import type { CommandRegistration } from '../cli.ts';

export const hosts: CommandRegistration = (program, run) => {
  program
    .command('hosts')
    .description("print the gateway's names as lines for a hosts file, or write them to it")
    .option('--write', 'write them to the hosts file, between two comment lines; keeps every other line')
    .option('--remove', 'remove them from the hosts file')
    .option('--address <address>', "IP address of the gateway (default: the Engine's machine)")
    .option('--file <path>', "the hosts file (default: the system's)")
    .option('--dry-run', 'with --write or --remove: show what would be changed, and change nothing')
    .option('-y, --yes', 'do not ask')
    .action((options, command) =>
      run(async () => (await import('./hosts.handler.ts')).handleHosts, options, command.optsWithGlobals()),
    );
};

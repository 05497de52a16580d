import type { CommandRegistration } from '../cli.ts';

export const hosts: CommandRegistration = (program, run) => {
  program
    .command('hosts')
    .description("print the gateway's names as lines of a hosts file, or write them there")
    .option('--write', 'write them between marks, and leave every other line as it is')
    .option('--remove', 'remove them again')
    .option('--address <address>', "where the gateway is (default: the Engine's machine)")
    .option('--file <path>', "the hosts file (default: the system's)")
    .option('-y, --yes', 'do not ask')
    .action((options, command) =>
      run(async () => (await import('./hosts.handler.ts')).handleHosts, options, command.optsWithGlobals()),
    );
};

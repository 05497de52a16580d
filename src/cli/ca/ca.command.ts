import type { CommandRegistration } from '../cli.ts';

export const ca: CommandRegistration = (program, run) => {
  const group = program
    .command('ca')
    .description("show the authority that vouches for the gateway's names, and make this machine trust it");
  group
    .command('show')
    .description('show whom it vouches for, its fingerprint and its end; `--pem` prints its certificate')
    .option('--pem', 'print the certificate, for another machine or a program with a list of its own')
    .action((options, command) =>
      run(async () => (await import('./ca.handler.ts')).showAuthority, options, command.optsWithGlobals()),
    );
  for (const [name, what] of [
    ['trust', 'make this machine trust it: browsers and programs that ask the system'],
    ['untrust', 'make this machine no longer trust it'],
  ] as const)
    group
      .command(name)
      .description(what)
      .option('-y, --yes', 'do not ask')
      .action((options, command) =>
        run(
          async () => (await import('./ca.handler.ts')).setTrustOf,
          { ...options, trusted: name === 'trust' },
          command.optsWithGlobals(),
        ),
      );
};

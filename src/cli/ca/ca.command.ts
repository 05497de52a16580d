import type { CommandRegistration } from '../cli.ts';

export const ca: CommandRegistration = (program, run) => {
  const group = program
    .command('ca')
    .description("show the certificate authority of the gateway's names, and make this machine trust it");
  group
    .command('show')
    .description('show its domain, fingerprint and expiry date')
    .option(
      '--pem',
      'print the certificate instead, for another machine or a program with its own trust store',
    )
    .action((options, command) =>
      run(async () => (await import('./ca.handler.ts')).showAuthority, options, command.optsWithGlobals()),
    );
  for (const [name, what] of [
    ['trust', "add it to this machine's trust stores: the system's, and Chromium's"],
    ['untrust', "remove it from this machine's trust stores"],
  ] as const)
    group
      .command(name)
      .description(what)
      .option('--dry-run', 'show what would be changed, and change nothing')
      .option('-y, --yes', 'do not ask')
      .action((options, command) =>
        run(
          async () => (await import('./ca.handler.ts')).setTrustOf,
          { ...options, trusted: name === 'trust' },
          command.optsWithGlobals(),
        ),
      );
};

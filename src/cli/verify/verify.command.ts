import type { CommandRegistration } from '../cli.ts';

export const verify: CommandRegistration = (program, run) => {
  program
    .command('verify')
    .argument(
      '<release>',
      'a service (realtime, or realtime@v0.1.0), a git tag (realtime/v0.1.0), or an image with its tag or digest',
    )
    .argument('[version]', 'of the service')
    .description(
      'check what is in the registry against the git tag: digests, labels, SBOMs, provenance, signatures',
    )
    .option('--strict', 'fail also where something could not be checked')
    .addHelpText(
      'after',
      [
        '',
        'A release is held against its git tag in this clone, and so is an image of one. An image by sha-<commit> is',
        'held against the commit that its label names, and any other against what it says of itself. Exits with 1',
        'where something is wrong. What could not be checked, because a tool or an SBOM is missing for example, is',
        'said in lines that begin with "not run:".',
        '',
        'Examples:',
        '  arc verify realtime v0.1.0',
        '  arc verify realtime@v0.1.0 --strict',
        '  arc verify realtime/v0.1.0 --json',
        '  arc verify ghcr.io/arc-framework/arc-realtime:v0.1.0',
      ].join('\n'),
    )
    .action((target, version, options, command) =>
      run(
        async () => (await import('./verify.handler.ts')).verify,
        { ...options, target, version },
        command.optsWithGlobals(),
      ),
    );
};

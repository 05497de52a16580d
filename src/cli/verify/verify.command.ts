import type { CommandRegistration } from '../cli.ts';

export const verify: CommandRegistration = (program, run) => {
  program
    .command('verify')
    .argument(
      '<release>',
      'a service (realtime, or realtime@v0.1.0), a git tag (realtime/v0.1.0), or an image with its tag or digest',
    )
    .argument('[version]', 'version of the service')
    .description(
      'check released images against their git tag: digests, labels, SBOMs, provenance, signatures',
    )
    .option('--strict', 'also fail if a check could not run')
    .addHelpText(
      'after',
      [
        '',
        'arc compares a release and its images with the git tag in this clone, an image tagged sha-<commit> with',
        'the commit in its label, and any other image with its own labels. Exits with 1 if something is wrong.',
        'Lines that begin with "not run:" list the checks that could not run, for example because a tool or an',
        'SBOM is missing.',
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

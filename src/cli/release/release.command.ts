import type { CommandRegistration } from '../cli.ts';

export const release: CommandRegistration = (program, run) => {
  program
    .command('release')
    .description('release a version of a service: images, tags, and a release on GitHub')
    .argument('<service>', 'the service')
    .argument('<version>', 'v and a semantic version: v0.1.0, v0.2.0-rc.1')
    .option('--dry-run', 'print the plan and change nothing')
    .option('--rehearsal', 'build, scan and describe the images, but do not tag or publish a version')
    .option('--require-scan', 'fail if an image was not scanned')
    .option('--unsigned', 'do not sign, even if arc.yaml asks for signatures')
    .addHelpText(
      'after',
      '\nAfter an interruption, run the same command again: it continues where it stopped and keeps what exists for this commit.\n' +
        '\nExamples:\n  arc release realtime v0.1.0 --dry-run\n  arc release realtime v0.1.0\n  arc release realtime v0.2.0-rc.1 --rehearsal',
    )
    .action((service, version, options, command) =>
      run(
        async () => (await import('./release.handler.ts')).releaseService,
        { ...options, service, version },
        command.optsWithGlobals(),
      ),
    );
};

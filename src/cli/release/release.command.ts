import type { CommandRegistration } from '../cli.ts';

export const release: CommandRegistration = (program, run) => {
  program
    .command('release')
    .description('release a version of a service: images, tags, and a release on GitHub')
    .argument('<service>', 'the service')
    .argument('<version>', 'semantic version behind a v: v0.1.0, v0.2.0-rc.1')
    .option('--dry-run', 'print the plan and touch nothing')
    .option('--rehearsal', 'build, scan and describe the images, and give them no version')
    .option('--require-scan', 'release nothing that no scanner has looked at')
    .option('--unsigned', 'release without the signatures that arc.yaml asks for')
    .addHelpText(
      'after',
      '\nInterrupted, the same command goes on where it stopped. What exists for this commit is kept.\n' +
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

import type { CommandRegistration } from '../cli.ts';

export const generate: CommandRegistration = (program, run) => {
  program
    .command('generate')
    .argument('[service...]', 'services; all where absent')
    .description(
      'write the Dockerfiles, compose files, make fragments, configs and workflows that follow from the manifests',
    )
    .option(
      '--check',
      'write nothing; exit with 3 and show the difference where a file is not as it should be',
    )
    .option('--force', 'also overwrite files that were edited by hand')
    .addHelpText('after', '\nExamples:\n  arc generate\n  arc generate --check')
    .action((selection, options, command) =>
      run(
        async () => (await import('./generate.handler.ts')).generateFiles,
        { ...options, services: selection },
        command.optsWithGlobals(),
      ),
    );
};

import type { CommandRegistration } from '../cli.ts';

export const generate: CommandRegistration = (program, run) => {
  program
    .command('generate')
    .argument('[service...]', 'services (default: all)')
    .description('write Dockerfiles, compose files, make fragments, configs and workflows from the manifests')
    .option('--check', 'write nothing; if a file is out of date, show the difference and exit with 3')
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

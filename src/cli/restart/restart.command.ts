import { addBoot } from '../boot-options.ts';
import type { CommandRegistration } from '../cli.ts';

export const restart: CommandRegistration = (program, run) => {
  addBoot(program.command('restart'))
    .description(
      'restart the selected containers with their current configuration, and wait until they are healthy',
    )
    .option('--recreate', 'remove and create the containers instead, with their data; undoes changes by hand')
    .addHelpText(
      'after',
      '\nExamples:\n  arc restart realtime-ingress\n  arc restart --recreate cache\n  arc restart',
    )
    .action((selection, options, command) =>
      run(
        async () => (await import('./restart.handler.ts')).restart,
        { ...options, selection },
        command.optsWithGlobals(),
      ),
    );
};

import { addBoot } from '../boot-options.ts';
import type { CommandRegistration } from '../cli.ts';

export const restart: CommandRegistration = (program, run) => {
  addBoot(program.command('restart'))
    .description(
      'stop and start what is selected, as it is wanted now, and wait until it is healthy; nothing else changes',
    )
    .addHelpText('after', '\nExamples:\n  arc restart realtime-ingress\n  arc restart')
    .action((selection, options, command) =>
      run(
        async () => (await import('./restart.handler.ts')).restart,
        { ...options, selection },
        command.optsWithGlobals(),
      ),
    );
};

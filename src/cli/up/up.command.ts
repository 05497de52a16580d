import { addBoot } from '../boot-options.ts';
import type { CommandRegistration } from '../cli.ts';

export const up: CommandRegistration = (program, run) => {
  addBoot(program.command('up'))
    .description('boot a profile, service or container with its dependencies, and wait until all are healthy')
    .addHelpText(
      'after',
      '\nExamples:\n  arc up think\n  arc up realtime --set media=mux\n  arc up realtime --without cache     single-node mode',
    )
    .action((selection, options, command) =>
      run(
        async () => (await import('./up.handler.ts')).up,
        { ...options, selection },
        command.optsWithGlobals(),
      ),
    );
};

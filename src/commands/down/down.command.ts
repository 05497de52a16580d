import type { CommandRegistration } from '../cli.ts';
import { takeOverFlag, takeOverHelp } from '../other-workspace.ts';
import { addSelection } from '../selection-options.ts';

export const down: CommandRegistration = (program, run) => {
  addSelection(program.command('down'))
    .description('stop and remove containers, dependents first; data is kept')
    .option(takeOverFlag, takeOverHelp)
    .addHelpText(
      'after',
      '\nExamples:\n  arc down             everything of this project\n  arc down realtime',
    )
    .action((selection, options, command) =>
      run(
        async () => (await import('./down.handler.ts')).down,
        { ...options, selection },
        command.optsWithGlobals(),
      ),
    );
};

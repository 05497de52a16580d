import type { CommandRegistration } from '../cli.ts';
import { addSelection } from '../selection-options.ts';

export const drift: CommandRegistration = (program, run) => {
  addSelection(program.command('drift'))
    .description(
      'say what somebody changed by hand since arc made it, and who, where that is known; changes nothing',
    )
    .addHelpText(
      'after',
      '\nExit status: 0 nothing was changed, 3 something was.\n\nExamples:\n  arc drift\n  arc drift storage --json',
    )
    .action((selection, options, command) =>
      run(
        async () => (await import('./drift.handler.ts')).showDrift,
        { ...options, selection },
        command.optsWithGlobals(),
      ),
    );
};

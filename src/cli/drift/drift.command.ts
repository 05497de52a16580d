import type { CommandRegistration } from '../cli.ts';
import { addSelection } from '../selection-options.ts';

export const drift: CommandRegistration = (program, run) => {
  addSelection(program.command('drift'), 'the whole project')
    .description('show what somebody changed by hand on the stack, and who, if arc can know; changes nothing')
    .addHelpText(
      'after',
      '\nExit status: 0 no changes by hand, 3 some.\n\nExamples:\n  arc drift\n  arc drift storage --json',
    )
    .action((selection, options, command) =>
      run(
        async () => (await import('./drift.handler.ts')).showDrift,
        { ...options, selection },
        command.optsWithGlobals(),
      ),
    );
};

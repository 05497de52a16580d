import { takeOverFlag, takeOverHelp } from '../../app/other-workspace.ts';
import type { CommandRegistration } from '../cli.ts';
import { addSelection } from '../selection-options.ts';

export const clean: CommandRegistration = (program, run) => {
  addSelection(program.command('clean'), 'the whole project')
    .description('remove the selected containers AND THEIR DATA; lists what will be lost and asks')
    .option('--dry-run', 'print the plan and change nothing')
    .option('-y, --yes', 'do not ask')
    .option(takeOverFlag, takeOverHelp)
    .addHelpText('after', '\nExamples:\n  arc clean realtime\n  arc clean --yes')
    .action((selection, options, command) =>
      run(
        async () => (await import('./clean.handler.ts')).clean,
        { ...options, selection },
        command.optsWithGlobals(),
      ),
    );
};

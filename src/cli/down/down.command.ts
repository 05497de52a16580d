import { takeOverFlag, takeOverHelp } from '../../app/other-workspace.ts';
import { drainOption } from '../boot-options.ts';
import type { CommandRegistration } from '../cli.ts';
import { addSelection } from '../selection-options.ts';

export const down: CommandRegistration = (program, run) => {
  addSelection(program.command('down'))
    .description('stop and remove containers, dependents first, and what they alone need; data is kept')
    .option('-y, --yes', 'agree to losing what is live in what stops')
    .addOption(drainOption())
    .option(takeOverFlag, takeOverHelp)
    .addHelpText(
      'after',
      `
Examples:
  arc down             everything of this project
  arc down think       what \`arc up think\` booted, except for what something else that runs needs
  arc down realtime --without cache`,
    )
    .action((selection, options, command) =>
      run(
        async () => (await import('./down.handler.ts')).down,
        { ...options, selection },
        command.optsWithGlobals(),
      ),
    );
};

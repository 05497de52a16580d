import { takeOverFlag, takeOverHelp } from '../../app/other-workspace.ts';
import { drainOption } from '../boot-options.ts';
import type { CommandRegistration } from '../cli.ts';
import { addSelection } from '../selection-options.ts';

export const down: CommandRegistration = (program, run) => {
  addSelection(program.command('down'), 'the whole project')
    .description('stop and remove containers and the dependencies that only they use; keeps data')
    .option('-y, --yes', 'stop containers with live sessions without asking')
    .option('--dry-run', 'print the plan and change nothing')
    .addOption(drainOption())
    .option(takeOverFlag, takeOverHelp)
    .addHelpText(
      'after',
      `
Examples:
  arc down             everything in this project
  arc down think       what \`arc up think\` booted, except dependencies of other running containers
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

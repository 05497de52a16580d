import { takeOverFlag, takeOverHelp } from '../../app/other-workspace.ts';
import type { CommandRegistration } from '../cli.ts';

export const nuke: CommandRegistration = (program, run) => {
  program
    .command('nuke')
    .description(
      'remove everything in this project: containers, DATA, network, images; asks you to type its name',
    )
    .option('--dry-run', 'print the plan and change nothing')
    .option('--force', 'do not ask')
    .option(takeOverFlag, takeOverHelp)
    .action((options, command) =>
      run(async () => (await import('./nuke.handler.ts')).nuke, options, command.optsWithGlobals()),
    );
};

import type { CommandRegistration } from '../cli.ts';
import { addSelection } from '../selection-options.ts';

export const doctor: CommandRegistration = (program, run) => {
  addSelection(program.command('doctor'))
    .description('check this machine for what keeps the stack from running well, and repair it with consent')
    .option('--fix', 'repair what arc can: install and start a Docker Engine, missing tools, kernel settings')
    .option('-y, --yes', 'do not ask before repairing')
    .addHelpText(
      'after',
      '\nExit status: 0 nothing is missing (there may be warnings), 4 something is.\n' +
        '\nExamples:\n  arc doctor think\n  sudo arc doctor --fix --yes\n  arc doctor --json | jq .data.findings',
    )
    .action((selection, options, command) =>
      run(
        async () => (await import('./doctor.handler.ts')).diagnose,
        { ...options, selection },
        command.optsWithGlobals(),
      ),
    );
};

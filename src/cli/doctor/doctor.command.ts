import type { CommandRegistration } from '../cli.ts';
import { addSelection } from '../selection-options.ts';

export const doctor: CommandRegistration = (program, run) => {
  addSelection(program.command('doctor'))
    .description('check whether this machine can run the stack; --fix repairs what arc can')
    .option(
      '--fix',
      'install missing tools, install and start a Docker Engine, set kernel parameters; asks first',
    )
    .option('-y, --yes', 'do not ask')
    .option(
      '--public',
      'show what other machines can reach of a production profile, and what cannot be tried from here',
    )
    .addHelpText(
      'after',
      '\nExit status: 0 nothing is missing (warnings are possible), 4 something is missing.\n' +
        '\nExamples:\n  arc doctor think\n  sudo arc doctor --fix --yes\n  arc doctor --public\n  arc doctor --json | jq .data.findings',
    )
    .action((selection, options, command) =>
      run(
        async () => (await import('./doctor.handler.ts')).diagnose,
        { ...options, selection },
        command.optsWithGlobals(),
      ),
    );
};

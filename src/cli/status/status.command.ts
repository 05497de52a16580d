import type { CommandRegistration } from '../cli.ts';
import { addSelection } from '../selection-options.ts';

export const status: CommandRegistration = (program, run) => {
  addSelection(program.command('status'))
    .description('show what runs where, since when, and made from what')
    .action((selection, options, command) =>
      run(
        async () => (await import('./status.handler.ts')).showStatus,
        { ...options, selection },
        command.optsWithGlobals(),
      ),
    );
};

import type { CommandRegistration } from '../cli.ts';
import { addSelection } from '../selection-options.ts';

export const status: CommandRegistration = (program, run) => {
  addSelection(program.command('status'), 'the whole project')
    .description('show the running containers: where, since when, from which image')
    .action((selection, options, command) =>
      run(
        async () => (await import('./status.handler.ts')).showStatus,
        { ...options, selection },
        command.optsWithGlobals(),
      ),
    );
};

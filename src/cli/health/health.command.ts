import type { CommandRegistration } from '../cli.ts';
import { addSelection } from '../selection-options.ts';

export const health: CommandRegistration = (program, run) => {
  addSelection(program.command('health'))
    .description('check that what runs is really healthy: readiness, then the deep checks of each service')
    .option('--watch', 'check again every few seconds until interrupted')
    .option('--interval <duration>', 'time between two rounds of --watch', '5s')
    .option('--timeout <duration>', 'limit for each single check', '10s')
    .option('--shallow', 'readiness only')
    .addHelpText(
      'after',
      '\nExamples:\n  arc health\n  arc health realtime --json\n  arc health realtime-egress',
    )
    .action((selection, options, command) =>
      run(
        async () => (await import('./health.handler.ts')).checkHealth,
        { ...options, selection },
        command.optsWithGlobals(),
      ),
    );
};

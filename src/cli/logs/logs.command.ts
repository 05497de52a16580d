import type { CommandRegistration } from '../cli.ts';
import { addSelection } from '../selection-options.ts';

export const logs: CommandRegistration = (program, run) => {
  addSelection(program.command('logs'), 'the whole project')
    .description('show the logs of the selected containers together, each line with its container')
    .option('-f, --follow', 'keep printing new lines')
    .option('--since <when>', 'only lines after a time or age: 10m, 2h, 2026-01-31T12:00:00Z')
    .option('-n, --tail <lines>', 'only the last <lines> lines of each container')
    .option('-t, --timestamps', 'put the time in front of each line')
    .addHelpText('after', '\nExamples:\n  arc logs realtime --follow\n  arc logs realtime-egress --since 10m')
    .action((selection, options, command) =>
      run(
        async () => (await import('./logs.handler.ts')).showLogs,
        { ...options, selection },
        command.optsWithGlobals(),
      ),
    );
};

import { Option } from 'commander';
import { logLevels } from '../../providers/log-store.ts';
import type { CommandRegistration } from '../cli.ts';
import { addSelection, repeatable } from '../selection-options.ts';

export const logs: CommandRegistration = (program, run) => {
  addSelection(program.command('logs'), 'the whole project')
    .description('show the logs of the selected containers together, each line with its container')
    .option('-f, --follow', 'keep printing new lines')
    .option('--since <when>', 'only lines after a time or age: 10m, 2d, 2026-01-31T12:00:00Z')
    .option(
      '-n, --tail <lines>',
      'only the last <lines> lines of each container; with a search, of all together',
    )
    .option('-t, --timestamps', 'put the time in front of each line')
    .option('--query <text>', 'search where logs are kept: lines that contain the text, in any case')
    .addOption(
      new Option('--level <level>', 'search: lines of that level and more severe ones').choices(logLevels),
    )
    .addOption(repeatable('--role <role>', 'only lines of that container (repeatable)'))
    .addHelpText(
      'after',
      '\nExamples:\n  arc logs realtime --follow\n  arc logs realtime-egress --since 10m\n  arc logs --since 2d --query refused --level warn',
    )
    .action((selection, options, command) =>
      run(
        async () => (await import('./logs.handler.ts')).showLogs,
        { ...options, selection: [...selection, ...options.role] },
        command.optsWithGlobals(),
      ),
    );
};

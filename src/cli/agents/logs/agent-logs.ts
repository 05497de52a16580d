import type { CommandRegistration } from '../../cli.ts';

export const addLogs: CommandRegistration = (group, run) => {
  group
    .command('logs')
    .description("show the logs of the project's workers, or of one conversation")
    .option('--room <room>', 'only conversations in that room')
    .option('--session <id>', 'only that conversation; `arc agents list` shows ids')
    .option('-f, --follow', 'keep printing new lines')
    .option('--since <when>', 'only lines after a time or age: 10m, 2d, 2026-01-31T12:00:00Z')
    .option('-n, --tail <lines>', 'only the last <lines> lines')
    .option('-t, --timestamps', 'put the time in front of each line')
    .action((options, command) =>
      run(
        async () => (await import('./agent-logs.handler.ts')).showAgentLogs,
        options,
        command.optsWithGlobals(),
      ),
    );
};

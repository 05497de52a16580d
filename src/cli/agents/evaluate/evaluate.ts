import type { CommandRegistration } from '../../cli.ts';

export const addEvaluate: CommandRegistration = (group, run) => {
  group
    .command('evaluate')
    .argument('<session>', 'session of an agent')
    .description('score what was said and done in a session')
    .action((session: string, options, command) =>
      run(
        async () => (await import('./evaluate.handler.ts')).evaluate,
        { ...options, session },
        command.optsWithGlobals(),
      ),
    );
};

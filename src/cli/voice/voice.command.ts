import type { CommandRegistration } from '../cli.ts';

export const voice: CommandRegistration = (program, run) => {
  const group = program.command('voice').description('talk to the agent, and measure its answer');
  group
    .command('check')
    .description('ask one question aloud as a participant would, and measure and judge the answer')
    .option('--question <text>', 'what is asked; the stack’s own voice speaks it')
    .option('--answer <pattern>', 'what the answer has to match: a regular expression, in any case')
    .option('--svg <file>', 'write the waterfall to a file, as a picture')
    .addHelpText(
      'after',
      '\nExamples:\n  arc voice check\n  arc voice check --question "Is any stream live?" --answer "stream"',
    )
    .action((options, command) =>
      run(
        async () => (await import('./check/check.handler.ts')).checkVoice,
        options,
        command.optsWithGlobals(),
      ),
    );
};

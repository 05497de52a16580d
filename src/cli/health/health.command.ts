import { Option } from 'commander';
import type { CommandRegistration } from '../cli.ts';
import { durationOption } from '../duration-option.ts';
import { addSelection } from '../selection-options.ts';

export const health: CommandRegistration = (program, run) => {
  addSelection(program.command('health'), 'everything that runs')
    .description("check that running containers are ready, then run each service's deep checks")
    .option('--watch', 'repeat until interrupted')
    .addOption(
      durationOption({
        flags: '--interval <duration>',
        description: 'time between rounds of --watch',
        fallback: '5s',
        example: '5s, 1m',
      }),
    )
    .addOption(
      durationOption({
        flags: '--timeout <duration>',
        description: 'time limit for each check that is not slow',
        fallback: '10s',
        example: '10s, 1m',
      }),
    )
    .addOption(new Option('--shallow', 'check readiness only').conflicts('deep'))
    .option('--deep', 'ask slow checks anew, instead of showing their last answers')
    .addHelpText(
      'after',
      '\nExamples:\n  arc health\n  arc health realtime --json\n  arc health realtime-egress\n  arc health --deep',
    )
    .action((selection, options, command) =>
      run(
        async () => (await import('./health.handler.ts')).checkHealth,
        { ...options, selection },
        command.optsWithGlobals(),
      ),
    );
};

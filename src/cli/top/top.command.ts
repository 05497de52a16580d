import type { CommandRegistration } from '../cli.ts';
import { durationOption } from '../duration-option.ts';

export const top: CommandRegistration = (program, run) => {
  program
    .command('top')
    .argument('[selection...]', 'profiles, services or containers; everything that runs if empty')
    .description(
      'watch what running containers use and do: CPU, memory, network, rooms, participants, streams',
    )
    .option('--once', 'print one table and end; the default without a terminal and with --json')
    .addOption(
      durationOption({
        flags: '--interval <time>',
        description: 'time between two looks',
        fallback: '2s',
        example: '1s, 500ms',
      }),
    )
    .action((selection, options, command) =>
      run(
        async () => (await import('./top.handler.ts')).showTop,
        { ...options, selection },
        command.optsWithGlobals(),
      ),
    );
};

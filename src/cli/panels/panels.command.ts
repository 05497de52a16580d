import type { CommandRegistration } from '../cli.ts';
import { durationOption } from '../duration-option.ts';

export const panels: CommandRegistration = (program, run) => {
  program
    .command('panels')
    .argument('[panel...]', 'panels to draw (default: all that running containers have metrics for)')
    .description('draw the panels that services declare: latency, health, quality')
    .addOption(
      durationOption({
        flags: '--range <duration>',
        description: 'show this time until now',
        fallback: '1h',
        example: '10m, 24h',
      }),
    )
    .option('--svg <file>', 'write them as one SVG picture instead')
    .addHelpText(
      'after',
      '\nExamples:\n  arc panels\n  arc panels latency --range 24h\n  arc panels --svg panels.svg',
    )
    .action((names, options, command) =>
      run(
        async () => (await import('./panels.handler.ts')).showPanels,
        { ...options, names },
        command.optsWithGlobals(),
      ),
    );
};

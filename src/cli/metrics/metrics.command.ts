import type { CommandRegistration } from '../cli.ts';
import { durationOption } from '../duration-option.ts';

export const metrics: CommandRegistration = (program, run) => {
  program
    .command('metrics')
    .argument('<query>', 'PromQL expression')
    .description('ask Prometheus, in PromQL: a value now, or a line over time')
    .addOption(
      durationOption({
        flags: '--range <duration>',
        description: 'show the values of this time until now',
        example: '10m, 24h',
      }),
    )
    .addHelpText(
      'after',
      '\nExamples:\n  arc metrics up\n  arc metrics livekit_room_total --range 1h\n  arc metrics "sum by (direction) (rate(livekit_packet_bytes[5m]))" --json',
    )
    .action((query, options, command) =>
      run(
        async () => (await import('./metrics.handler.ts')).askMetrics,
        { ...options, query },
        command.optsWithGlobals(),
      ),
    );
};

import type { CommandRegistration } from '../../cli.ts';
import { durationOption } from '../../duration-option.ts';

export const addSay: CommandRegistration = (group, run) => {
  group
    .command('say')
    .argument('<room>', 'room that is open')
    .argument('<text>', 'what the agent says')
    .description('have the agent of a room say something, and wait until it has')
    .option('--agent <identity>', 'agent that says it, if the room has several')
    .addOption(
      durationOption({
        flags: '--timeout <duration>',
        description: 'how long it has to say it',
        fallback: '60s',
        example: '30s, 2m',
      }),
    )
    .action((room, text, options, command) =>
      run(
        async () => (await import('./say.handler.ts')).say,
        { ...options, room, text },
        command.optsWithGlobals(),
      ),
    );
};

import type { CommandRegistration } from '../../cli.ts';
import { durationOption } from '../../duration-option.ts';

export const addDispatch: CommandRegistration = (group, run) => {
  group
    .command('dispatch')
    .argument('<room>', 'room that is open')
    .description('bring an agent into a room')
    .option('--agent <name>', "name that workers have (default: that of the project's only worker)")
    .option('--metadata <text>', 'text that the agent is given with the order')
    .addOption(
      durationOption({
        flags: '--timeout <duration>',
        description: 'how long a worker has to take the order',
        fallback: '10s',
        example: '10s, 1m',
      }),
    )
    .action((room, options, command) =>
      run(
        async () => (await import('./dispatch.handler.ts')).dispatch,
        { ...options, room },
        command.optsWithGlobals(),
      ),
    );
};

import type { CommandRegistration } from '../cli.ts';
import { durationOption } from '../duration-option.ts';

export const token: CommandRegistration = (program, run) => {
  program
    .command('token')
    .description('create an access token for a participant to join a room')
    .requiredOption('--room <room>', 'name of the room')
    .requiredOption('--identity <identity>', 'name of the participant, unique in the room')
    .addOption(
      durationOption({
        flags: '--ttl <duration>',
        description: 'how long the participant can join with it',
        fallback: '6h',
        example: '30m, 6h, 2d',
      }),
    )
    .option('--subscribe-only', 'may listen and watch, but not publish')
    .option('--admin', 'may also moderate the room')
    .addHelpText('after', '\nExample:\n  arc token --room demo --identity me')
    .action((options, command) =>
      run(async () => (await import('./token.handler.ts')).makeToken, options, command.optsWithGlobals()),
    );
};

import type { CommandRegistration } from '../../cli.ts';
import { durationOption } from '../../duration-option.ts';
import { addFilterOptions } from '../filter.ts';

export const addReplay: CommandRegistration = (group, run) => {
  addFilterOptions(group.command('replay'))
    .description('show the messages that streams and topics keep, oldest first')
    .addOption(
      durationOption({
        flags: '--since <duration>',
        description: 'show only messages that are not older',
        example: '30m, 6h, 2d',
      }),
    )
    .action((messages, options, command) =>
      run(
        async () => (await import('./replay.handler.ts')).replay,
        { ...options, messages },
        command.optsWithGlobals(),
      ),
    );
};

import type { CommandRegistration } from '../../cli.ts';
import { onOption } from '../on-option.ts';

export const addLag: CommandRegistration = (group, run) => {
  group
    .command('lag')
    .description('show how far each consumer and subscription is behind')
    .addOption(onOption('show this system alone'))
    .action((options, command) =>
      run(async () => (await import('./lag.handler.ts')).lag, options, command.optsWithGlobals()),
    );
};

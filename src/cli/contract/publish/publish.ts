import type { CommandRegistration } from '../../cli.ts';
import { onOption } from '../on-option.ts';

export const addPublish: CommandRegistration = (group, run) => {
  group
    .command('publish')
    .argument('<message>', 'message to publish')
    .argument('[file]', 'file with the body as JSON (default: standard input)')
    .description('publish a message, if its body satisfies the contract')
    .option('--as <role>', 'publish as this role, with its key and rights')
    .addOption(onOption('system to publish on, if the message is on both (default: nats if it runs)'))
    .action((message, file, options, command) =>
      run(
        async () => (await import('./publish.handler.ts')).publish,
        { ...options, message, file },
        command.optsWithGlobals(),
      ),
    );
};

import { Option } from 'commander';
import type { CommandRegistration } from '../../cli.ts';
import { formats } from './formats.ts';

export const addShow: CommandRegistration = (group, run) => {
  group
    .command('show')
    .argument('<name>', 'message, by its name, subject or topic; or a domain, with --format asyncapi')
    .description('describe a message: where it is, who uses it, its fields and an example')
    .addOption(new Option('--format <format>', 'a document for other programs instead').choices([...formats]))
    .action((name, options, command) =>
      run(
        async () => (await import('./show.handler.ts')).showContract,
        { ...options, name },
        command.optsWithGlobals(),
      ),
    );
};

import { InvalidArgumentError, Option } from 'commander';
import type { CommandRegistration } from '../cli.ts';
import { durationOption } from '../duration-option.ts';

export const trace: CommandRegistration = (program, run) => {
  program
    .command('trace')
    .argument('[id]', 'id of a trace')
    .description('show a trace as a waterfall: who did what, after what, and how long it took')
    .option('--list', 'list traces, the newest first; the default without an id')
    .option('--last <service>', 'show the newest trace of a service; `boot` stands for boots of arc')
    .option('--service <service>', 'list only traces that a service has a part in')
    .addOption(
      durationOption({
        flags: '--since <age>',
        description: 'how far back --list and --last look',
        fallback: '24h',
        example: '10m, 2h',
      }),
    )
    .addOption(
      new Option('-n, --count <traces>', 'list at most that many').default(20).argParser((text) => {
        const count = Number(text);
        if (!Number.isInteger(count) || count < 1 || count > 1000)
          throw new InvalidArgumentError('It takes a number from 1 to 1000.');
        return count;
      }),
    )
    .option('--svg <file>', 'write the waterfall to a file, as a picture')
    .option('--html <file>', 'write it to a file, as a page with all attributes of each span')
    .addHelpText(
      'after',
      '\nExamples:\n  arc trace --last boot\n  arc trace --list --service livekit --since 10m\n  arc trace 0af7651916cd43dd8448eb211c80319c --html trace.html',
    )
    .action((id, options, command) =>
      run(
        async () => (await import('./trace.handler.ts')).showTrace,
        { ...options, ...(id === undefined ? {} : { id }) },
        command.optsWithGlobals(),
      ),
    );
};

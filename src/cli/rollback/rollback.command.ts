import { takeOverFlag, takeOverHelp } from '../../app/other-workspace.ts';
import { addTimeout } from '../boot-options.ts';
import type { CommandRegistration } from '../cli.ts';
import { addChoices } from '../selection-options.ts';

export const rollback: CommandRegistration = (program, run) => {
  const command = program
    .command('rollback')
    .argument('<service>', 'a service, with all of its containers')
    .argument('[version]', 'a released version; the release before the one that runs where absent')
    .description('run the images of a released version again, through a plan; data is kept');
  addTimeout(
    addChoices(command)
      .option('--dry-run', 'print the plan, and touch nothing')
      .option('-y, --yes', 'carry out the plan without being asked')
      .option(takeOverFlag, takeOverHelp),
  )
    .addHelpText(
      'after',
      [
        '',
        'The images come from the registry, by digest; the configuration is that of the manifests as they are now.',
        'What the service needs stays as it is. `arc up` brings the images of the manifests again.',
        '',
        'Examples:',
        '  arc rollback realtime --dry-run     the release before the one that runs',
        '  arc rollback realtime v0.1.0',
        '  arc rollback realtime v0.1.0 --set media=mux --yes',
      ].join('\n'),
    )
    .action((service, version, options, own) =>
      run(
        async () => (await import('./rollback.handler.ts')).rollback,
        { ...options, service, version },
        own.optsWithGlobals(),
      ),
    );
};

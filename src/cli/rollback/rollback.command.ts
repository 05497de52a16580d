import { takeOverFlag, takeOverHelp } from '../../app/other-workspace.ts';
import { addTimeout } from '../boot-options.ts';
import type { CommandRegistration } from '../cli.ts';
import { addChoices } from '../selection-options.ts';

export const rollback: CommandRegistration = (program, run) => {
  const command = program
    .command('rollback')
    .argument('<service>', 'a service, with all of its containers')
    .argument('[version]', 'a released version (default: the release before the running one)')
    .description("replace a service's containers with those of a released version; keeps data");
  addTimeout(
    addChoices(command)
      .option('--dry-run', 'print the plan and change nothing')
      .option('-y, --yes', 'do not ask')
      .option(takeOverFlag, takeOverHelp),
  )
    .addHelpText(
      'after',
      [
        '',
        'arc pulls the images by digest and configures them from the current manifests.',
        "The service's dependencies do not change. `arc up` returns to the images in the manifests.",
        '',
        'Examples:',
        '  arc rollback realtime --dry-run     the release before the running one',
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

import { addImageOptions } from '../boot-options.ts';
import type { CommandRegistration } from '../cli.ts';
import { addSelection } from '../selection-options.ts';

export const images: CommandRegistration = (program, run) => {
  const group = addSelection(program.command('images')).description(
    'show what each container runs: where its base came from, digest, size, age',
  );
  group.action((selection, options, command) =>
    run(
      async () => (await import('./images.handler.ts')).listImages,
      { ...options, selection },
      command.optsWithGlobals(),
    ),
  );
  addImageOptions(addSelection(group.command('build')))
    .option('-y, --yes', 'agree to installing what a recipe needs')
    .description('build the images of a selection as a boot would, and the bases that they need')
    .action((selection, options, command) =>
      run(
        async () => (await import('./images.handler.ts')).buildImages,
        { ...options, selection },
        command.optsWithGlobals(),
      ),
    );
  addSelection(group.command('pull'))
    .description('pull the base images of a selection from their registries')
    .action((selection, options, command) =>
      run(
        async () => (await import('./images.handler.ts')).pullImages,
        { ...options, selection },
        command.optsWithGlobals(),
      ),
    );
  group
    .command('lock')
    .argument('[selection...]', 'profiles, services or containers; all where absent')
    .option(
      '--check',
      'ask no registry and write nothing; exit with 3 where the lock does not fit the manifests',
    )
    .option('--update', 'ask the registries anew for what is locked already, too')
    .description('pin the base images by digest in images.lock.yaml')
    .addHelpText('after', '\nExamples:\n  arc images lock\n  arc images lock --update cache')
    .action((selection, options, command) =>
      run(
        async () => (await import('./lock.handler.ts')).lockImages,
        { ...options, selection },
        command.optsWithGlobals(),
      ),
    );
  group
    .command('prune')
    .option('-y, --yes', 'remove them without a question')
    .description(
      'remove bases that no recipe uses any more, from the Engine and from the cache, and what builds have left',
    )
    .action((options, command) =>
      run(async () => (await import('./prune.handler.ts')).pruneImages, options, command.optsWithGlobals()),
    );
  addSelection(group.command('save'))
    .description('write everything that a selection needs into one archive, for a machine without a network')
    .requiredOption('-o, --output <file>', 'the archive')
    .action((selection, options, command) =>
      run(
        async () => (await import('./images.handler.ts')).saveImages,
        { ...options, selection },
        command.optsWithGlobals(),
      ),
    );
  group
    .command('load <file>')
    .description('load such an archive; `arc up --offline` then needs no network')
    .action((file, options, command) =>
      run(
        async () => (await import('./images.handler.ts')).loadImages,
        { ...options, file },
        command.optsWithGlobals(),
      ),
    );
};

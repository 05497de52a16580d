import { addImageOptions } from '../boot-options.ts';
import type { CommandRegistration } from '../cli.ts';
import { addSelection } from '../selection-options.ts';

export const images: CommandRegistration = (program, run) => {
  const group = addSelection(program.command('images'), 'all services').description(
    "show each container's image: source of its base, digest, size, age",
  );
  group.action((selection, options, command) =>
    run(
      async () => (await import('./images.handler.ts')).listImages,
      { ...options, selection },
      command.optsWithGlobals(),
    ),
  );
  addImageOptions(addSelection(group.command('build')))
    .option('-y, --yes', 'install what a recipe needs without asking')
    .description('build the images of a selection and the bases they need, as `arc up` would')
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
    .argument('[selection...]', 'profiles, services or containers (default: all)')
    .option(
      '--check',
      'exit with 3 if the lock does not match the manifests; contacts no registry, writes nothing',
    )
    .option('--update', 'also refresh digests that are already locked')
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
    .option('-y, --yes', 'do not ask')
    .description('remove unused bases from the Engine and the cache, and leftovers of builds')
    .action((options, command) =>
      run(async () => (await import('./prune.handler.ts')).pruneImages, options, command.optsWithGlobals()),
    );
  addSelection(group.command('save'))
    .description('write all images of a selection to one archive, for a machine without a network')
    .requiredOption('-o, --output <file>', 'archive to write')
    .action((selection, options, command) =>
      run(
        async () => (await import('./images.handler.ts')).saveImages,
        { ...options, selection },
        command.optsWithGlobals(),
      ),
    );
  group
    .command('load <file>')
    .description(
      'load an archive of `arc images save` or `docker save`; `arc up --offline` then needs no network',
    )
    .action((file, options, command) =>
      run(
        async () => (await import('./images.handler.ts')).loadImages,
        { ...options, file },
        command.optsWithGlobals(),
      ),
    );
};

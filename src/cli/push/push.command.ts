import type { CommandRegistration } from '../cli.ts';
import { imagesArgument } from '../images-argument.ts';

export const push: CommandRegistration = (program, run) => {
  program
    .command('push')
    .argument(imagesArgument.flags, imagesArgument.description)
    .option(
      '--version <version>',
      'push the images that `arc tag` named with this version (default: the names in the manifests)',
    )
    .option('--force', 'replace a tag such as latest even if it has more platforms; never replaces a version')
    .description('push images from this Engine, for its platform only, as `docker push` does')
    .action((names, options, command) =>
      run(
        async () => (await import('./push.handler.ts')).pushImages,
        { ...options, names },
        command.optsWithGlobals(),
      ),
    );
};

import type { CommandRegistration } from '../cli.ts';
import { imagesArgument } from '../images-argument.ts';

export const push: CommandRegistration = (program, run) => {
  program
    .command('push')
    .argument(imagesArgument.flags, imagesArgument.description)
    .option(
      '--version <version>',
      'push what `arc tag` has named so; the names in the manifests where absent',
    )
    .option(
      '--force',
      'also where a tag such as latest is there for more platforms; a version is never replaced',
    )
    .description('push images from this Engine, for its platform, as `docker push` does')
    .action((names, options, command) =>
      run(
        async () => (await import('./push.handler.ts')).pushImages,
        { ...options, names },
        command.optsWithGlobals(),
      ),
    );
};

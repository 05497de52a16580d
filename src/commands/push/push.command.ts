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
    .description('push images from this Engine, for its platform, as `docker push` does')
    .action((names, options, command) =>
      run(
        async () => (await import('./push.handler.ts')).pushImages,
        { ...options, names },
        command.optsWithGlobals(),
      ),
    );
};

import type { CommandRegistration } from '../cli.ts';
import { imagesArgument } from '../images-argument.ts';
import { platformOption } from '../platforms.ts';

export const publish: CommandRegistration = (program, run) => {
  program
    .command('publish')
    .argument(imagesArgument.flags, imagesArgument.description)
    .addOption(
      platformOption('linux/amd64, linux/arm64 or both; without it, the platforms of `release` in arc.yaml'),
    )
    .description(
      'build the images of this commit with buildx and push them as sha-<commit>; keeps images that exist',
    )
    .action((names, options, command) =>
      run(
        async () => (await import('./publish.handler.ts')).publishCommit,
        { ...options, names },
        command.optsWithGlobals(),
      ),
    );
};

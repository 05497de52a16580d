import { addImageOptions } from '../boot-options.ts';
import type { CommandRegistration } from '../cli.ts';
import { imagesArgument } from '../images-argument.ts';
import { platformOption } from '../platforms.ts';

export const build: CommandRegistration = (program, run) => {
  addImageOptions(program.command('build').argument(imagesArgument.flags, imagesArgument.description))
    .addOption(
      platformOption(
        "linux/amd64, linux/arm64 or both: buildx builds them and keeps them in its cache; without it, or with the Engine's own platform alone, the Engine builds",
      ),
    )
    .option('-y, --yes', 'install what a recipe needs without asking')
    .description('build images and label them with the commit; pushes nothing')
    .action((names, options, command) =>
      run(
        async () => (await import('./build.handler.ts')).buildImages,
        { ...options, names },
        command.optsWithGlobals(),
      ),
    );
};

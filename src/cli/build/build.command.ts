import { addImageOptions } from '../boot-options.ts';
import type { CommandRegistration } from '../cli.ts';
import { imagesArgument } from '../images-argument.ts';
import { platformOption } from '../platforms.ts';

export const build: CommandRegistration = (program, run) => {
  addImageOptions(program.command('build').argument(imagesArgument.flags, imagesArgument.description))
    .addOption(
      platformOption(
        "linux/amd64, linux/arm64 or both: by buildx, which keeps them; this Engine's own platform alone, and without this, is built and kept by the Engine",
      ),
    )
    .option('-y, --yes', 'agree to installing what a recipe needs')
    .description('build images, labelled with the commit; nothing is pushed')
    .action((names, options, command) =>
      run(
        async () => (await import('./build.handler.ts')).buildImages,
        { ...options, names },
        command.optsWithGlobals(),
      ),
    );
};

import type { CommandRegistration } from '../cli.ts';

export const tag: CommandRegistration = (program, run) => {
  program
    .command('tag')
    .usage('[options] [images...] <version>')
    .argument('<names...>', 'as for `arc build`, and last the version that they are named by: v0.1.0')
    .description('name images of this Engine by a version')
    .action((names, options, command) =>
      run(
        async () => (await import('./tag.handler.ts')).tagImages,
        { ...options, names },
        command.optsWithGlobals(),
      ),
    );
};

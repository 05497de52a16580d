import type { CommandRegistration } from '../cli.ts';

/** As its user sees them; to the parser it is one list, for the last word of it is the version. */
const words = '[images...] <version>';

export const tag: CommandRegistration = (program, run) => {
  program
    .command('tag')
    .usage(`[options] ${words}`)
    .argument('<names...>', 'as for `arc build`, and last the version that they are named by: v0.1.0')
    .configureHelp({ argumentTerm: () => words })
    .description('name images of this Engine by a version')
    .action((names, options, command) =>
      run(
        async () => (await import('./tag.handler.ts')).tagImages,
        { ...options, names },
        command.optsWithGlobals(),
      ),
    );
};

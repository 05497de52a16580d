import type { CommandRegistration } from '../cli.ts';

/** The arguments as help shows them. The parser takes one list, because the version is its last word. */
const words = '[images...] <version>';

export const tag: CommandRegistration = (program, run) => {
  program
    .command('tag')
    .usage(`[options] ${words}`)
    .argument('<names...>', 'images as for `arc build`, then the version: v0.1.0')
    .configureHelp({ argumentTerm: () => words })
    .description('tag images on this Engine with a version')
    .action((names, options, command) =>
      run(
        async () => (await import('./tag.handler.ts')).tagImages,
        { ...options, names },
        command.optsWithGlobals(),
      ),
    );
};

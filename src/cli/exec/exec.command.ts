import type { CommandRegistration } from '../cli.ts';

export const exec: CommandRegistration = (program, run) => {
  program
    .command('exec')
    .argument('<container>', 'role or name of a running container')
    .argument('<command...>', 'program and its arguments')
    .description('run a program in a running container, and exit with its status')
    .passThroughOptions()
    .addHelpText('after', '\nExample:\n  arc exec cache redis-cli --version')
    .action((container, words, options, command) =>
      run(
        async () => (await import('./exec.handler.ts')).execute,
        { ...options, container, words },
        command.optsWithGlobals(),
      ),
    );
};

import { Argument, type Command } from 'commander';
import type { CommandRegistration } from '../cli.ts';

export const completion: CommandRegistration = (program, run) => {
  program
    .command('completion')
    .description('print the completion script for a shell')
    .addArgument(new Argument('<shell>').choices(['bash', 'zsh', 'fish']))
    .addHelpText(
      'after',
      "\nExamples:\n  echo 'source <(arc completion bash)' >> ~/.bashrc\n  arc completion fish > ~/.config/fish/completions/arc.fish",
    )
    .action((shell, options, command) =>
      run(
        async () => (await import('./completion.handler.ts')).printScript,
        { ...options, shell },
        command.optsWithGlobals(),
      ),
    );
  // The completion scripts call this whenever the tab key is pressed.
  program
    .command('complete', { hidden: true })
    .argument('[words...]')
    .allowUnknownOption()
    .action((words: string[], options, command: Command) =>
      run(
        async () => (await import('./completion.handler.ts')).suggest,
        { ...options, words, program },
        command.optsWithGlobals(),
      ),
    );
};

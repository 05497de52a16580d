import { Option } from 'commander';
import type { CommandRegistration } from '../cli.ts';
import { addSelection } from '../selection-options.ts';

export const graph: CommandRegistration = (program, run) => {
  addSelection(program.command('graph'))
    .description('show the dependencies in layers, and the slowest chain of a boot')
    .addOption(
      new Option('--format <format>', 'output format')
        .choices(['text', 'mermaid', 'dot', 'json'])
        .default('text'),
    )
    .addHelpText('after', '\nExamples:\n  arc graph think\n  arc graph --format mermaid > stack.mmd')
    .action((selection, options, command) =>
      run(
        async () => (await import('./graph.handler.ts')).showGraph,
        { ...options, selection },
        command.optsWithGlobals(),
      ),
    );
};

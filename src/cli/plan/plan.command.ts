import { addImageOptions, addLose } from '../boot-options.ts';
import type { CommandRegistration } from '../cli.ts';
import { addSelection } from '../selection-options.ts';

export const plan: CommandRegistration = (program, run) => {
  addLose(addImageOptions(addSelection(program.command('plan'))))
    .description('show what `arc up` would do and why, and what blocks it; changes nothing')
    .option('--exit-code', 'exit with 3 if there is something to do')
    .addHelpText('after', '\nExamples:\n  arc plan think\n  arc plan --exit-code --json')
    .action((selection, options, command) =>
      run(
        async () => (await import('./plan.handler.ts')).showPlan,
        { ...options, selection },
        command.optsWithGlobals(),
      ),
    );
};

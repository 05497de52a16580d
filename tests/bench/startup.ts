import { bounds } from './bounds.ts';
import type { Bench } from './context.ts';
import { type Contender, race, run } from './measure.ts';
import { ratioRow } from './report.ts';

/** What people wait for before anything happens: the program's start, reading the manifests, resolving them. */
export const benchStartup: Bench = async (context) => {
  const once = (name: string, command: string, args: readonly string[]): Contender => ({
    name,
    turn: (lap) => lap('run', () => run(command, args, { cwd: context.root })),
  });
  const result = await race({
    ...context,
    contenders: [
      once('node -e 0', process.execPath, ['-e', '0']),
      once('arc profiles', context.arc, ['profiles']),
      once('arc validate', context.arc, ['validate', '--quiet']),
    ],
  });
  const to = result('node -e 0', 'run');
  return (['arc profiles', 'arc validate'] as const).map((name) => {
    const figure = `${name} ÷ node -e 0` as const;
    return ratioRow({ figure, of: result(name, 'run'), to, bound: bounds.start[figure] });
  });
};

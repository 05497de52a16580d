import { printRows, race, ratioRow, run } from './measure.ts';

/** What people wait for before anything happens: the start of the program, and reading the manifests. */
export async function benchStartup(options: {
  rounds: number;
  workspace: string;
  arc: string;
  node: string;
}): Promise<void> {
  const { rounds, workspace, arc, node } = options;
  const [bare, version, validate] = await race({
    rounds,
    contenders: [
      { name: 'node -e 0', run: () => run(node, ['-e', '0']) },
      { name: 'arc --version', run: () => run(arc, ['--version'], { cwd: workspace }) },
      { name: 'arc validate', run: () => run(arc, ['validate', '--quiet'], { cwd: workspace }) },
    ],
  });
  printRows('start', [
    ratioRow({ figure: 'arc --version ÷ node -e 0', of: version, to: bare, bound: 1.5 }),
    ratioRow({ figure: 'arc validate ÷ node -e 0', of: validate, to: bare, bound: 2.5 }),
  ]);
}

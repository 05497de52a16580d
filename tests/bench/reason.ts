import { bounds } from './bounds.ts';
import { type Bench, requireTools } from './context.ts';
import { criticalPath, type PlannedStep } from './critical-path.ts';
import { race, timing } from './measure.ts';
import { ratioRow } from './report.ts';
import { type BenchStack, makeStack } from './stack.ts';

/** What `--json` prints, as far as it is read here (docs/events.md). */
type Line =
  | { type: 'step'; id: string; phase: string; milliseconds?: number }
  | { type: 'result'; data: { steps: readonly PlannedStep[] } };

/** `reason`, its images present: how much longer a boot takes than the longest chain of its own steps. */
export const benchReason: Bench = async (context) => {
  requireTools('docker');
  const { progress, rounds } = context;
  const stack = await makeStack({ context, name: 'reason', lines: '' });
  try {
    progress('building what is missing of the images');
    await stack.arc('up', 'reason', '--quiet', '--yes');
    await stack.arc('down', '--quiet');
    const chains: number[] = [];
    const result = await race({ ...context, contenders: [{ name: 'arc', turn: turnOf(stack, chains) }] });
    const chain = timing('its longest chain', chains.slice(-rounds));
    const figure = 'up ÷ the critical path of its own steps';
    return [ratioRow({ figure, of: result('arc', 'up'), to: chain, bound: bounds.reason[figure] })];
  } finally {
    await stack.remove();
  }
};

/** @param chains gets the seconds of the longest chain, of each round */
function turnOf(stack: BenchStack, chains: number[]): Parameters<typeof race>[0]['contenders'][0]['turn'] {
  return async (lap) => {
    const planned = linesOf(await stack.arc('plan', 'reason', '--json'));
    const steps = planned.flatMap((line) => (line.type === 'result' ? line.data.steps : []));
    let printed = '';
    await lap('up', async () => {
      printed = await stack.arc('up', 'reason', '--yes', '--json');
    });
    const took = new Map(
      linesOf(printed).flatMap((line) =>
        line.type === 'step' && line.phase === 'done' ? [[line.id, (line.milliseconds ?? 0) / 1000]] : [],
      ),
    );
    chains.push(criticalPath({ steps, took }));
    await stack.arc('down', '--quiet');
  };
}

const linesOf = (text: string): readonly Line[] =>
  text
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Line);

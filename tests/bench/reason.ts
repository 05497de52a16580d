import { bounds } from './bounds.ts';
import { type Bench, requireTools } from './context.ts';
import { chainName, timedBoot } from './critical-path.ts';
import { type Lap, race, timing } from './measure.ts';
import { ratioRow } from './report.ts';
import { makeStack } from './stack.ts';

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
    const turn = async (lap: Lap): Promise<void> => {
      chains.push(await timedBoot({ arc: stack.arc, profile: 'reason', lap }));
      await stack.arc('down', '--quiet');
    };
    const result = await race({ ...context, contenders: [{ name: 'arc', turn }] });
    const chain = timing(chainName, chains.slice(-rounds));
    const figure = 'up ÷ the critical path of its own steps';
    return [ratioRow({ figure, of: result('arc', 'up'), to: chain, bound: bounds.reason[figure] })];
  } finally {
    await stack.remove();
  }
};

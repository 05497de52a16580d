import { setTimeout as sleep } from 'node:timers/promises';
import { bounds } from './bounds.ts';
import { type Bench, requireTools } from './context.ts';
import { type Lap, race } from './measure.ts';
import { amountRow, secondsRow } from './report.ts';
import { makeStack } from './stack.ts';

/** After a boot, programs still read their data and compile what they run. */
const settleSeconds = 120;

/** How long `arc health` of the whole platform takes while all is well, and what its containers take while idle. */
export const benchHealth: Bench = async (context) => {
  requireTools('docker');
  const { progress } = context;
  const stack = await makeStack({ context, name: 'health', lines: '' });
  const idle = async (...selection: string[]): Promise<number> => {
    progress(`booting ${selection.join(' ')}, and letting it rest for ${settleSeconds} s`);
    await stack.arc('up', ...selection, '--quiet', '--yes');
    await sleep(settleSeconds * 1000, undefined, { signal: context.signal });
    return memoryOf(await stack.arc('top', '--once', '--json'));
  };
  try {
    const reason = await idle('reason', '--without', 'agent');
    const all = await idle('ultra-instinct');
    const turn = (lap: Lap): Promise<void> => lap('health', () => stack.arc('health', '--quiet'));
    const result = await race({ ...context, contenders: [{ name: 'arc', turn }] });
    const { health } = bounds;
    const memory = (figure: 'reason without the voice, idle' | 'ultra-instinct, idle', bytes: number) =>
      amountRow({ figure, amount: bytes / 1024 ** 2, unit: 'MiB', bound: health[figure] });
    const figure = 'arc health of ultra-instinct';
    return [
      secondsRow({ figure, timing: result('arc', 'health'), bound: health[figure] }),
      memory('reason without the voice, idle', reason),
      memory('ultra-instinct, idle', all),
    ];
  } finally {
    await stack.remove();
  }
};

/** Bytes of all containers, from what `arc top --once --json` prints (docs/traces.md). */
export function memoryOf(printed: string): number {
  const answer = JSON.parse(printed.trimEnd().split('\n').at(-1) ?? '') as {
    data: { containers: readonly { name: string; usage: { memoryBytes: number } | null }[] };
  };
  return answer.data.containers.reduce((sum, { name, usage }) => {
    if (usage === null) throw new Error(`the Engine does not say what ${name} uses`);
    return sum + usage.memoryBytes;
  }, 0);
}

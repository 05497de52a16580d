import { bounds } from './bounds.ts';
import type { BenchContext } from './context.ts';
import { goFigure, runGoBenchmark } from './go-benchmark.ts';
import { type Contender, race, timing } from './measure.ts';
import { type Row, ratioRow, type Timing } from './report.ts';

/** Of each turn. */
const messages = 200_000;
/** Sub-benchmarks of BenchmarkPulsar (packages/contracts/go/pulsarbus/bench_test.go), by what a report calls them. */
const ways = { with: 'the generated client', without: 'pulsar-client-go', ready: 'ready bytes' } as const;
type Way = keyof typeof ways;

/**
 * The generated Go client on a Pulsar of this machine, against the same client of Pulsar without the contract: the same
 * bytes on the wire, made by the JSON library from the same value. Beside it, bytes that are ready and have no attributes.
 * Pulsar's own perf tool is no part of the base: its libraries are left out there.
 *
 * @param options.program the compiled tests of `pulsarbus`
 */
export async function benchPulsar(options: {
  context: BenchContext;
  program: string;
}): Promise<readonly Row[]> {
  const { context, program } = options;
  const seconds: Record<Way, number[]> = { with: [], without: [], ready: [] };
  const contender = (way: Way): Contender => ({
    name: ways[way],
    turn: async () => {
      const env = { PULSAR_URL: 'pulsar://127.0.0.1:6650' };
      const printed = await runGoBenchmark({ program, name: `BenchmarkPulsar/${way}`, messages, env });
      seconds[way].push((goFigure(printed, 'ns/op') * messages) / 1e9);
    },
  });
  await race({ ...context, contenders: [contender('with'), contender('without'), contender('ready')] });
  return pulsarRows((way) => timing(ways[way], seconds[way].slice(-context.rounds)));
}

/** The rows of the three ways. */
export function pulsarRows(result: (way: Way) => Timing): readonly Row[] {
  const figure = 'Pulsar: with the contract ÷ without it';
  const [of, to, ready] = [result('with'), result('without'), result('ready')];
  return [
    ratioRow({ figure, of, to, bound: bounds.contracts[figure] }),
    {
      kind: 'beside',
      figure: 'Pulsar: with the contract ÷ ready bytes',
      of,
      to: ready,
      ratio: of.median / ready.median,
    },
  ];
}

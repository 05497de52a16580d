import { parseArgs } from 'node:util';
import { type PartName, partNames } from './bounds.ts';

export type BenchOptions = { parts: readonly PartName[]; rounds: number; output: string | undefined };

export const usage = `usage: [ARC_BENCH_ROUNDS=<n>] node tests/bench/run.ts [--output <file>] [${partNames.join('|')}]...`;

/**
 * @throws an error with what is wrong: an unknown part, or a number of rounds that is none
 */
export function readOptions(options: {
  words: readonly string[];
  environment: Readonly<Record<string, string | undefined>>;
}): BenchOptions {
  const { values, positionals } = parseArgs({
    args: [...options.words],
    options: { output: { type: 'string' } },
    allowPositionals: true,
  });
  const unknown = positionals.filter((word) => !isPartName(word));
  if (unknown.length > 0) throw new Error(`there is no part ${unknown.join(', ')}`);
  const rounds = options.environment.ARC_BENCH_ROUNDS ?? '5';
  if (!/^[1-9]\d{0,2}$/.test(rounds))
    throw new Error(`ARC_BENCH_ROUNDS must be a number from 1 to 999, and is ${JSON.stringify(rounds)}`);
  const wanted = positionals.filter(isPartName);
  return {
    // In the order of the report, whatever the order of the words.
    parts: wanted.length === 0 ? partNames : partNames.filter((name) => wanted.includes(name)),
    rounds: Number(rounds),
    output: values.output,
  };
}

function isPartName(word: string): word is PartName {
  return partNames.some((name) => name === word);
}

import { run } from './measure.ts';

/**
 * Runs one sub-benchmark of a compiled Go test program.
 *
 * @param options.name `BenchmarkPulsar/with`
 * @param options.messages how often it does its operation
 * @returns what it printed
 */
export function runGoBenchmark(options: {
  program: string;
  name: string;
  messages: number;
  env: Record<string, string>;
}): Promise<string> {
  const { program, name, messages, env } = options;
  const pattern = name
    .split('/')
    .map((part) => `^${part}$`)
    .join('/');
  const words = ['-test.run', '^$', '-test.bench', pattern, '-test.benchtime', `${messages}x`];
  return run(program, words, { env });
}

/**
 * A figure of one operation, as `go test -bench` prints it: `1234 ns/op`.
 *
 * @throws where there is no such figure: the benchmark was skipped, or it failed
 */
export function goFigure(printed: string, unit: string): number {
  const line = /^Benchmark\S+\s+\d+\s+(.*)$/m.exec(printed)?.[1] ?? '';
  const figures = new Map(
    Array.from(line.matchAll(/([\d.e+]+) (\S+)/g), ([, value, name]) => [name, Number(value)] as const),
  );
  const figure = figures.get(unit);
  if (figure === undefined) throw new Error(`the Go benchmark printed no ${unit}: ${printed.trim()}`);
  return figure;
}

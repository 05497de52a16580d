import { execa } from 'execa';
import { run } from './measure.ts';

/** One line for each end of a container: when, which, and with which exit code. */
const format = '{{.TimeNano}} {{.Actor.Attributes.name}} {{.Actor.Attributes.exitCode}}';

/**
 * Counts from now on with which exit codes containers end: `{ 0: 36 }` when each was stopped by its own signal handler.
 *
 * @param names of the containers
 */
export function watchExits(names: readonly string[]): {
  end: () => Promise<Readonly<Record<string, number>>>;
} {
  const filters = ['event=die', ...names.map((name) => `container=${name}`)];
  const words = ['events', ...filters.flatMap((filter) => ['--filter', filter]), '--format', format];
  const began = Date.now() / 1000;
  // The Engine keeps only its last events, so they are taken as they come.
  const events = execa('docker', words, { reject: false });
  return {
    end: async () => {
      events.kill();
      const seen = linesOf((await events).stdout);
      // What the process had not written yet when it was ended.
      const last = seen.at(-1)?.split(' ')[0];
      const since = last === undefined ? String(began) : `${last.slice(0, -9)}.${last.slice(-9)}`;
      const until = String(Date.now() / 1000);
      const rest = linesOf(await run('docker', [...words, '--since', since, '--until', until]));
      return countCodes(new Set([...seen, ...rest]));
    },
  };
}

function linesOf(output: string): readonly string[] {
  return output.split('\n').filter(Boolean);
}

function countCodes(lines: Iterable<string>): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const line of lines) {
    const code = line.split(' ').at(-1) ?? '';
    counts[code] = (counts[code] ?? 0) + 1;
  }
  return counts;
}

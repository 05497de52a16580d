import type { Problem } from '../../core/errors.ts';
import type { StoredLine } from '../../providers/log-store.ts';

/** Lines of one container that the Engine has and the store does not, from the first to the last of them. */
export type Gap = { container: string; lines: number; from: string; to: string };

/**
 * Lines that were lost on the way. The store has each line at the Engine's own time, to the nanosecond, so what it does
 * not have is exactly what did not arrive. Lines that follow each other in the Engine's log are one gap. Pure.
 *
 * @param options.engine the lines of each container, in order
 * @param options.from the first moment that both sides know
 * @param options.to lines after it may still be on their way
 */
export function findGaps(options: {
  engine: readonly (readonly StoredLine[])[];
  stored: readonly Pick<StoredLine, 'container' | 'time'>[];
  from: string;
  to: string;
}): { gaps: readonly Gap[]; lost: readonly StoredLine[] } {
  const { engine, stored, from, to } = options;
  const arrived = new Set(stored.map(({ container, time }) => `${container} ${time}`));
  const lost: StoredLine[] = [];
  const gaps = engine.flatMap((lines) => {
    const found: Gap[] = [];
    let open: Gap | undefined;
    for (const line of lines) {
      const { container, time } = line;
      if (time < from || time > to) continue;
      if (arrived.has(`${container} ${time}`)) {
        open = undefined;
        continue;
      }
      lost.push(line);
      if (open === undefined) {
        open = { container, lines: 0, from: time, to: time };
        found.push(open);
      }
      open.lines += 1;
      open.to = time;
    }
    return found;
  });
  return { gaps: gaps.toSorted((a, b) => (a.from < b.from ? -1 : 1)), lost };
}

/** A gap for people, with the command that shows its lines. */
export function gapProblem({ container, lines, from, to }: Gap): Problem {
  const second = (time: string): string => `${time.slice(0, 19)}Z`;
  const when = second(from) === second(to) ? `at ${second(from)}` : `from ${second(from)} to ${second(to)}`;
  const them = lines === 1 ? 'it' : 'them';
  return {
    code: 'log-gap',
    message: `${lines === 1 ? 'A line' : `${lines} lines`} of ${container} ${when} did not arrive where logs are kept.`,
    suggestion: `the Engine still has ${them}, without a level: \`arc logs ${container} --since ${second(from)}\``,
  };
}

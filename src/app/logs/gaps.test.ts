import { describe, expect, test } from 'vitest';
import { findGaps, gapProblem } from './gaps.ts';

const at = (second: number): string => `2026-11-30T12:00:${String(second).padStart(2, '0')}.000000000Z`;
const all = { from: '', to: at(59) };
const stored = (container: string, ...seconds: readonly number[]) =>
  seconds.map((second) => ({ container, role: container, line: `line ${second}`, time: at(second) }));
const engine = stored;

describe('what was lost on the way to where logs are kept', () => {
  test('is nothing where each line of the Engine is there, and more', () => {
    const a = engine('arc-a', 2, 3);
    expect(findGaps({ engine: [a], stored: stored('arc-a', 1, 2, 3), ...all })).toEqual({
      gaps: [],
      lost: [],
    });
  });

  test('is one gap for each row of lines that did not arrive, by container', () => {
    expect(
      findGaps({
        engine: [engine('arc-a', 1, 2, 3, 4, 5, 6), engine('arc-b', 1, 2, 3)],
        stored: [...stored('arc-a', 1, 4, 6), ...stored('arc-b', 2, 3)],
        ...all,
      }).gaps,
    ).toEqual([
      { container: 'arc-b', lines: 1, from: at(1), to: at(1) },
      { container: 'arc-a', lines: 2, from: at(2), to: at(3) },
      { container: 'arc-a', lines: 1, from: at(5), to: at(5) },
    ]);
  });

  test('is not what one side need not know, nor what may still be on its way', () => {
    const lines = [engine('arc-a', 1, 2, 3, 4)];
    expect(findGaps({ engine: lines, stored: stored('arc-a', 3), from: at(2), to: at(3) })).toEqual({
      gaps: [{ container: 'arc-a', lines: 1, from: at(2), to: at(2) }],
      lost: stored('arc-a', 2),
    });
  });

  test('is told with the command that reads it', () => {
    expect(gapProblem({ container: 'arc-a', lines: 2, from: at(1), to: at(4) })).toEqual({
      code: 'log-gap',
      message:
        '2 lines of arc-a from 2026-11-30T12:00:01Z to 2026-11-30T12:00:04Z did not arrive where logs are kept.',
      suggestion: 'the Engine still has them, without a level: `arc logs arc-a --since 2026-11-30T12:00:01Z`',
    });
    expect(gapProblem({ container: 'arc-a', lines: 1, from: at(1), to: at(1) })).toMatchObject({
      message: 'A line of arc-a at 2026-11-30T12:00:01Z did not arrive where logs are kept.',
      suggestion: 'the Engine still has it, without a level: `arc logs arc-a --since 2026-11-30T12:00:01Z`',
    });
  });
});

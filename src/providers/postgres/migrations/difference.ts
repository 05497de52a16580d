/** Both texts around their difference, with the first different line; equal text before and after is left out. */
export function differenceOf(options: { applied: string; now: string }): {
  line: number;
  lines: readonly string[];
} {
  const applied = options.applied.split('\n');
  const now = options.now.split('\n');
  const shorter = Math.min(applied.length, now.length);
  let same = 0;
  while (same < shorter && applied[same] === now[same]) same += 1;
  let sameAfter = 0;
  while (sameAfter < shorter - same && applied.at(-1 - sameAfter) === now.at(-1 - sameAfter)) sameAfter += 1;
  const changed = (lines: readonly string[]) => lines.slice(same, lines.length - sameAfter);
  return {
    line: Math.min(same + 1, now.length),
    lines: [
      ...changed(applied).map((line) => `applied: ${line}`),
      ...changed(now).map((line) => `now:     ${line}`),
    ],
  };
}

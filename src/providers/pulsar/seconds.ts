const units = [
  ['d', 86_400],
  ['h', 3_600],
  ['m', 60],
  ['s', 1],
] as const;

/** `7d`, `90s`: in the largest unit that it is a whole number of. */
export function formatSeconds(seconds: number): string {
  const [unit, size] = units.find(([, one]) => seconds % one === 0 && seconds >= one) ?? ['s', 1];
  return `${seconds / size}${unit}`;
}

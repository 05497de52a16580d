/** How many backups are kept: the newest, and the newest of as many days, weeks and months. */
export type Retention = { last: number; daily: number; weekly: number; monthly: number };

const millisecondsOfDay = 86_400_000;

/**
 * Decides which backups are no longer needed. Pure. The newest backup that was verified is always kept: without it
 * nothing would be left of which is known that it can be restored.
 *
 * @param options.backups in any order
 * @returns the names of those that are to be removed, oldest first
 */
export function expired(options: {
  backups: readonly { name: string; at: Date; verified: boolean }[];
  keep: Retention;
}): readonly string[] {
  const { keep } = options;
  const newestFirst = options.backups.toSorted((one, other) => other.at.getTime() - one.at.getTime());
  const kept = new Set(newestFirst.slice(0, keep.last).map(({ name }) => name));
  const periods = [
    { count: keep.daily, of: day },
    { count: keep.weekly, of: week },
    { count: keep.monthly, of: month },
  ];
  for (const { count, of } of periods) {
    const seen = new Set<string>();
    for (const { name, at } of newestFirst) {
      const period = of(at);
      if (seen.has(period)) continue;
      if (seen.size === count) break;
      seen.add(period);
      kept.add(name);
    }
  }
  const proven = newestFirst.find(({ verified }) => verified);
  if (proven !== undefined) kept.add(proven.name);
  return newestFirst
    .filter(({ name }) => !kept.has(name))
    .map(({ name }) => name)
    .toReversed();
}

function day(at: Date): string {
  return at.toISOString().slice(0, 10);
}

/** By the Monday that it begins with, in UTC. */
function week(at: Date): string {
  const sinceMonday = (at.getUTCDay() + 6) % 7;
  return day(new Date(at.getTime() - sinceMonday * millisecondsOfDay));
}

function month(at: Date): string {
  return at.toISOString().slice(0, 7);
}

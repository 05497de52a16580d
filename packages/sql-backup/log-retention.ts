import type { Archive, Base } from './log-archive.ts';

const millisecondsOfDay = 86_400_000;

/**
 * Decides what is no longer needed to go back to any second of the last days: bases before the one that the first of
 * these seconds is restored from, and the log before the oldest base that stays. Pure. Of a cluster that is gone,
 * everything goes once its last base is older than that.
 *
 * @param options.cluster of the server that there is now
 * @returns keys, the records of bases first: what is left of an interruption is then no base
 */
export function expiredLog(options: {
  archives: readonly Archive[];
  cluster: string;
  keepDays: number;
  now: Date;
}): readonly string[] {
  const { archives, cluster, keepDays, now } = options;
  const since = now.getTime() - keepDays * millisecondsOfDay;
  return archives.flatMap(({ cluster: own, bases, segments }) => {
    const isOld = (base: Base): boolean => Date.parse(base.finishedAt) < since;
    const young = bases.filter((base) => !isOld(base));
    const before = bases.filter(isOld).at(-1);
    const isGone = own !== cluster && young.length === 0;
    const kept = isGone ? [] : [...(before === undefined ? [] : [before]), ...young];
    const names = new Set(kept.map(({ name }) => name));
    const [oldest] = kept;
    const first = oldest?.firstSegment;
    const useless = segments.filter(({ name }) => (first === undefined ? isGone : name < first));
    return [
      ...bases
        .filter(({ name }) => !names.has(name))
        .flatMap(({ tar }) => [tar.key.replace(/base\.tar\.gz$/, 'base.json'), tar.key]),
      ...useless.map(({ key }) => key),
    ];
  });
}

import type { Archive } from './log-archive.ts';
import type { LogState } from './receive-log.ts';
import { missingSegment } from './wal-names.ts';

/** The log may fail to come through for so long before that is a problem. Milliseconds. */
const failingLimit = 5 * 60_000;
/** The first base may take so long. Milliseconds. */
const baseLimit = 60 * 60_000;

/**
 * Says how far back any second can be restored, and what is in the way. Pure.
 *
 * @param options.since when the log of this server was first wanted
 */
export function judgeLog(options: { archive: Archive; state: LogState; since: Date; now: Date }): {
  ok: boolean;
  said: readonly string[];
} {
  const { archive, state, since, now } = options;
  const problems: string[] = [];
  const facts: string[] = [];
  const { failing } = state;
  if (failing !== undefined) {
    const said = `the log of changes has not come through since ${failing.since.toISOString()}: ${failing.reason}`;
    const lasts = now.getTime() - failing.since.getTime() > failingLimit;
    (lasts ? problems : facts).push(said);
  }
  const whole = needsBase(archive, state) ? undefined : wholeBase(archive);
  const isNew = now.getTime() - since.getTime() < baseLimit;
  if (whole === undefined && archive.bases.length > 0)
    problems.push('the log of changes has a gap since the last base backup; another one is due');
  if (archive.bases.length === 0 && !isNew) problems.push('there is no base backup');
  facts.push(
    whole === undefined
      ? 'no second can be restored yet'
      : `any second since ${whole.finishedAt} can be restored`,
  );
  return { ok: problems.length === 0, said: [...problems, ...facts] };
}

/** The oldest base since which the log is whole. Pure. */
export function wholeBase({ bases, segments }: Pick<Archive, 'bases' | 'segments'>) {
  const names = segments.map(({ name }) => name);
  return bases.find(
    ({ firstSegment }) => missingSegment({ first: firstSegment, segments: names }) === undefined,
  );
}

/** Whether the newest base is of no use for what is written now. Pure. */
export function needsBase(
  archive: Pick<Archive, 'bases' | 'segments'>,
  { begunAnew }: Pick<LogState, 'begunAnew'>,
): boolean {
  const newest = archive.bases.at(-1);
  if (newest === undefined || wholeBase({ ...archive, bases: [newest] }) === undefined) return true;
  // The gap shows in the segments as soon as one has come after it.
  return begunAnew !== undefined && Date.parse(newest.startedAt) < begunAnew.getTime();
}

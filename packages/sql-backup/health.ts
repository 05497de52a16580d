import type { Schedule } from './schedule.ts';

/** What is known of one backup that is whole. */
export type Known = {
  name: string;
  at: Date;
  verified?: { at: Date; ok: boolean; problems: readonly string[] };
};

export type Verdict = { ok: boolean; said: string };

/** How long a run that is due may take before it counts as missed. Milliseconds. */
const runLimit = 60 * 60_000;

/**
 * Says how the backups are: the last one, and the last that was proven to be restorable. Pure.
 *
 * @param options.since when this database came under the schedule; nothing was due before that
 * @param options.lastFailure of a scheduled run after which none has succeeded
 */
export function judge(options: {
  backups: readonly Known[];
  backup: Schedule;
  verify: Schedule;
  since: Date;
  now: Date;
  lastFailure?: string | undefined;
}): Verdict {
  const { since, now } = options;
  const newestFirst = options.backups.toSorted((one, other) => other.at.getTime() - one.at.getTime());
  const [newest] = newestFirst;
  const checked = newestFirst.filter(({ verified }) => verified !== undefined);
  const lastChecked = checked.toSorted((one, other) => timeOf(other) - timeOf(one))[0];
  const proven = checked.find(({ verified }) => verified?.ok);
  const because = options.lastFailure === undefined ? '' : `: ${options.lastFailure}`;

  const facts = [
    newest === undefined ? 'no backup yet' : `last backup ${age(newest.at, now)} ago`,
    proven?.verified === undefined
      ? 'none verified yet'
      : `${proven.name} verified ${age(proven.verified.at, now)} ago`,
  ];
  const problems: string[] = [];
  const missed = missedRun({ schedule: options.backup, last: newest?.at, since, now });
  if (missed !== undefined) problems.push(`the backup of ${minute(missed)} was missed${because}`);
  if (lastChecked?.verified !== undefined && !lastChecked.verified.ok)
    problems.push(
      `${lastChecked.name} cannot be restored: ${lastChecked.verified.problems[0] ?? 'no reason is known'}`,
    );
  // Where there is no backup, that is what is wrong.
  const unchecked =
    newest === undefined
      ? undefined
      : missedRun({ schedule: options.verify, last: lastChecked?.verified?.at, since, now });
  if (unchecked !== undefined) problems.push(`the verification of ${minute(unchecked)} was missed${because}`);
  return { ok: problems.length === 0, said: [...problems, ...facts].join('; ') };
}

/** @returns the run that should have happened and did not */
export function missedRun(options: {
  schedule: Schedule;
  last: Date | undefined;
  since: Date;
  now: Date;
}): Date | undefined {
  const { schedule, last, since, now } = options;
  const due = schedule.lastDue(new Date(now.getTime() - runLimit));
  if (due === undefined || due < since) return undefined;
  return last === undefined || last < due ? due : undefined;
}

function timeOf({ verified }: Known): number {
  return verified?.at.getTime() ?? 0;
}

/** `3 h`: as exact as one needs to know. */
function age(then: Date, now: Date): string {
  const minutes = Math.max(0, Math.floor((now.getTime() - then.getTime()) / 60_000));
  if (minutes < 120) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? `${hours} h` : `${Math.floor(hours / 24)} days`;
}

/** `2026-11-30 02:00 UTC`. */
function minute(at: Date): string {
  return `${at.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}

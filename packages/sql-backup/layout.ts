/** Everything of one backup is below one prefix: `sql/2026-11-30T02-00-00Z/`. */
const prefix = 'sql/';

const nameShape = /^(\d{4}-\d{2}-\d{2})T(\d{2})-(\d{2})-(\d{2})Z$/;

/** The parts of a backup that are the same for each. A database has {@link dumpKey}. */
export type Part = 'manifest.json' | 'verified.json' | 'globals.sql';

/** The prefix that all backups are below. */
export const backupsPrefix = prefix;

/** The name of a backup that begins at this moment, to the second: names sort by time. */
export function backupName(at: Date): string {
  return `${at.toISOString().slice(0, 19).replaceAll(':', '-')}Z`;
}

/**
 * The name of what a server was at a moment, put together from its log. It is no backup of the schedule: nothing counts
 * it, and it goes once it has been restored.
 */
export function recoveredName(at: Date): string {
  return `${backupName(at)}-recovered`;
}

/** @returns whether a key is part of such a one */
export function isRecovered(key: string): boolean {
  return /^sql\/[^/]+-recovered\//.test(key);
}

/** @returns when the backup of this name began; nothing where it is not the name of a backup */
export function timeOfBackup(name: string): Date | undefined {
  const [, day, hours, minutes, seconds] = nameShape.exec(name) ?? [];
  if (day === undefined) return undefined;
  const time = new Date(`${day}T${hours}:${minutes}:${seconds}Z`);
  return Number.isNaN(time.getTime()) ? undefined : time;
}

export function partKey(backup: string, part: Part): string {
  return `${prefix}${backup}/${part}`;
}

/** A database's name may hold any character, and a key may not hold each. */
export function dumpKey(backup: string, database: string): string {
  return `${prefix}${backup}/${encodeURIComponent(database)}.dump`;
}

/** @returns the backup that a key belongs to; nothing where it belongs to none */
export function backupOfKey(key: string): string | undefined {
  if (!key.startsWith(prefix)) return undefined;
  const [name = '', rest] = key.slice(prefix.length).split('/');
  return rest !== undefined && timeOfBackup(name) !== undefined ? name : undefined;
}

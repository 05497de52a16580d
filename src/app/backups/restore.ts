import { confirmByTyping } from '../consent.ts';
import type { Context } from '../context.ts';
import type { Backup, CountedDatabase } from './answers.ts';
import { readBackup, readComparison, readRestored } from './answers.ts';
import type { AskBackups } from './program.ts';

/** What to restore, and what may be lost. */
export type RestoreRequest = {
  /** Name of a backup; the newest where it is absent. */
  from?: string | undefined;
  /** A moment, in place of a backup. */
  toTime?: Date | undefined;
  /** One database of the backup; all of them where it is absent. */
  database?: string | undefined;
  /** New name of that database. */
  to?: string | undefined;
  /** Databases whose rows may be lost. */
  lose: readonly string[];
};

/** A database that a restore replaces, counted now. */
export type Replaced = CountedDatabase & { backup: CountedDatabase };

/**
 * Restores a backup, after a person has typed the name of each database that loses rows.
 *
 * @throws ArcError `needs-consent` or `declined`; `backup-failed` with what the program says
 */
export async function restore(options: {
  context: Context;
  ask: AskBackups;
  request: RestoreRequest;
}): Promise<{ backup: Backup; restored: readonly string[]; replaced: readonly Replaced[] }> {
  const { ask, request } = options;
  if (request.toTime === undefined) return await restoreFrom({ ...options, from: request.from });
  const { name } = readBackup(
    await ask({ command: 'recover', options: { time: request.toTime.toISOString() } }),
  );
  try {
    return await restoreFrom({ ...options, from: name });
  } finally {
    await ask({ command: 'forget', options: { name } });
  }
}

async function restoreFrom(
  options: Parameters<typeof restore>[0] & { from: string | undefined },
): ReturnType<typeof restore> {
  const { context, ask, request, from } = options;
  const comparison = await ask({ command: 'compare', options: { name: from } });
  const { backup, live } = readComparison(comparison);
  const replaced = replacedBy({ backup, live, request });
  for (const one of replaced)
    await confirmByTyping({
      context,
      question: `${lossText(one)} Type ${one.name} to replace it:`,
      word: one.name,
      flag: `--lose ${one.name}`,
      given: request.lose.includes(one.name),
    });
  const { database, to } = request;
  const answer = await ask({ command: 'restore', options: { name: backup.name, database, to } });
  return { backup, restored: readRestored(answer), replaced };
}

/** The databases that have rows now and are replaced. Pure. */
export function replacedBy(options: {
  backup: Backup;
  live: readonly CountedDatabase[];
  request: Pick<RestoreRequest, 'database' | 'to'>;
}): readonly Replaced[] {
  const { backup, live, request } = options;
  return backup.databases
    .filter(({ name }) => request.database === undefined || name === request.database)
    .flatMap((one) => {
      const now = live.find(({ name }) => name === (request.to ?? one.name));
      return now === undefined || now.rows === 0 ? [] : [{ ...now, backup: one }];
    });
}

/** `The database app has 20,000 rows in 2 tables now, and the backup has 19,000 in 2.` */
export function lossText({ name, tables, rows, backup }: Replaced): string {
  return `The database ${name} has ${count(rows, 'row')} in ${count(tables, 'table')} now, and the backup has ${count(backup.rows, 'row')} in ${count(backup.tables, 'table')}.`;
}

function count(number: number, noun: string): string {
  return `${number.toLocaleString('en')} ${noun}${number === 1 ? '' : 's'}`;
}

import { Cron } from 'croner';

/** When something is due, in UTC. */
export type Schedule = {
  /** The last time that it was due before a moment. */
  lastDue: (before: Date) => Date | undefined;
  next: (after: Date) => Date | undefined;
};

/**
 * @param expression five fields of cron: `0 2 * * *` is every night at two
 * @throws Error that says what is wrong with the expression
 */
export function parseSchedule(expression: string): Schedule {
  // Paused: croner computes times here, and starts nothing.
  const cron = new Cron(expression, { timezone: 'UTC', paused: true, mode: '5-part' });
  return {
    lastDue: (before) => cron.previousRuns(1, before)[0],
    next: (after) => cron.nextRun(after) ?? undefined,
  };
}

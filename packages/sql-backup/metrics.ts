import type { Known } from './health.ts';

/** What is known of the backups, in the text format of Prometheus. Where there is none, its time is 0: long ago. Pure. */
export function metricsText(backups: readonly Known[]): string {
  const newest = Math.max(0, ...backups.map(({ at }) => at.getTime()));
  const proven = Math.max(0, ...backups.map(({ verified }) => (verified?.ok ? verified.at.getTime() : 0)));
  return [
    ...gauge('arc_backup_last_success_timestamp_seconds', 'When the newest backup was made.', newest / 1000),
    ...gauge(
      'arc_backup_last_verified_timestamp_seconds',
      'When a backup was restored and compared for the last time.',
      proven / 1000,
    ),
    ...gauge('arc_backup_count', 'Backups that are kept.', backups.length),
    '',
  ].join('\n');
}

function gauge(name: string, help: string, value: number): readonly string[] {
  return [`# HELP ${name} ${help}`, `# TYPE ${name} gauge`, `${name} ${value}`];
}

import {
  type Backup,
  readBackup,
  readBackups,
  readName,
  readVerification,
} from '../../app/backups/answers.ts';
import { withBackups } from '../../app/backups/program.ts';
import { formatBytes } from '../../core/bytes.ts';
import { exitStatus } from '../../core/errors.ts';
import type { Handler } from '../cli.ts';
import { formatTable } from '../output/table.ts';

/** Makes a backup now, beside those that the schedule makes. */
export const makeBackup: Handler<{ service: string }> = ({ service }, cli) =>
  withBackups({
    context: cli,
    service,
    use: async (ask) => {
      const backup = readBackup(await ask({ command: 'backup' }));
      cli.result({
        data: { backups: [backup] },
        text: () =>
          `Backed up ${contentsOf(backup)}, ${formatBytes(backup.bytes)}, as ${backup.name}.\n\`arc backup verify\` proves that it can be restored.`,
      });
      return exitStatus.done;
    },
  });

/** Every backup in the storage, newest first. */
export const listBackups: Handler<{ service?: string }> = ({ service }, cli) =>
  withBackups({
    context: cli,
    service,
    use: async (ask) => {
      const backups = readBackups(await ask({ command: 'list' })).toReversed();
      cli.result({
        data: { backups },
        text: () =>
          backups.length === 0
            ? 'There is no backup yet.'
            : formatTable({
                headings: ['BACKUP', 'SIZE', 'DATABASES', 'VERIFIED'],
                rows: backups.map((one) => [
                  one.name,
                  formatBytes(one.bytes),
                  one.databases.map(({ name }) => name).join(', '),
                  verifiedText(one),
                ]),
                columns: cli.columns,
              }),
      });
      return exitStatus.done;
    },
  });

/** Proves that a backup can be restored; where it cannot, the exit status is 1. */
export const verifyBackup: Handler<{ name?: string; service?: string }> = ({ name, service }, cli) =>
  withBackups({
    context: cli,
    service,
    use: async (ask) => {
      const answer = await ask({ command: 'verify', options: { name } });
      const verification = readVerification(answer);
      const verified = readName(answer);
      cli.result({
        data: { verified: { name: verified, ...verification } },
        text: () =>
          verification.ok
            ? `${verified} was restored, and is what was backed up (${(verification.milliseconds / 1_000).toFixed(1)} s).`
            : [`${verified} cannot be restored:`, ...verification.problems.map((one) => `  ${one}`)].join(
                '\n',
              ),
      });
      return verification.ok ? exitStatus.done : exitStatus.failed;
    },
  });

/** `20,000 rows in 2 tables of agents`. */
function contentsOf({ databases }: Backup): string {
  if (databases.length === 0) return 'no database, because none has a table';
  return databases
    .map(({ name, rows, tables }) => `${countOf(rows, 'row')} in ${countOf(tables, 'table')} of ${name}`)
    .join(', ');
}

function countOf(number: number, noun: string): string {
  return `${number.toLocaleString('en')} ${noun}${number === 1 ? '' : 's'}`;
}

function verifiedText({ verification }: Backup): string {
  if (verification === undefined) return 'no';
  const { ok, at, problems } = verification;
  return ok ? at.slice(0, 16).replace('T', ' ') : `cannot be restored: ${problems.join('; ')}`;
}

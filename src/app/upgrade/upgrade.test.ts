import { expect, test } from 'vitest';
import { upgradeSteps } from './upgrade.ts';

test('an upgrade says what it does, in order, and how to remove the volume that it keeps', () => {
  const command: readonly string[] = [];
  const steps = upgradeSteps({
    container: { name: 'arc-sql', role: 'sql', service: 'sql' },
    running: { id: 'id', imageId: 'sha256:old' },
    volume: 'arc-sql-data',
    kept: 'arc-sql-data-16',
    from: 16,
    to: 18,
    holdWrites: { begin: command, forget: command, end: command },
  });
  expect(steps).toEqual([
    'keep clients from writing to arc-sql, which is of version 16',
    'back it up to storage, and prove the backup by restoring it',
    'stop arc-sql, and copy the volume arc-sql-data to arc-sql-data-16',
    'remove the volume arc-sql-data, and boot sql of version 18 with a new one',
    'restore the backup, and compare every table',
    'keep arc-sql-data-16, until you remove it: docker volume rm arc-sql-data-16',
  ]);
});

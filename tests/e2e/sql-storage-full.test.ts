import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type LogStage, logLimit, openLogStage } from '../support/log-stage.ts';
import { until } from '../support/until.ts';

let at: LogStage;
beforeAll(async () => {
  // A disk that can be filled; it is empty again once the storage stops.
  const storage = { type: 'tmpfs', device: 'tmpfs', o: 'size=256m,uid=65532,gid=65532,mode=0700' };
  at = await openLogStage({ storage });
}, 400_000);
afterAll(() => at?.stage.close());

describe('with the storage full', () => {
  it('backups fail and say so, the server goes on, and all is well once there is room', async () => {
    const { stage } = at;
    await until({ what: 'a base backup and its log', ask: at.isWell });
    const fill = 'dd if=/dev/zero of=/data/fill bs=65536 2>/dev/null; ls /data/fill';
    await stage.succeed(['exec', 'storage', 'sh', '-c', fill]);
    try {
      const { exitCode, stderr } = await stage.arc(['backup', 'sql']);
      expect(exitCode).toBe(1);
      expect(stderr).toContain('arc-sql-backup could not make a backup');
      await at.writeMuch(12);
      expect(await at.logBytes()).toBeLessThan(logLimit);
      await at.say(1);
      await until({
        what: 'a health check that names it',
        ask: async () => (await at.health()).includes('the log of changes has not come through since'),
      });
    } finally {
      await stage.succeed(['exec', 'storage', 'sh', '-c', 'rm /data/fill']);
    }
    await until({ what: 'a log that is whole again', ask: at.isWell, limitMilliseconds: 240_000 });
    await stage.succeed(['backup', 'sql']);
  });
});

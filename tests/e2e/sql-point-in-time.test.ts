import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type LogStage, logLimit, openLogStage, upSql } from '../support/log-stage.ts';
import type { Stage } from '../support/stage.ts';
import { until } from '../support/until.ts';

// Continuous backup against the real server and the real storage.

let stage: Stage;
let at: LogStage;
beforeAll(async () => {
  at = await openLogStage();
  ({ stage } = at);
}, 400_000);
afterAll(() => stage?.close());

/** Restores what was there at a time, under a name of its own. */
const copyOf = (time: string, to: string) =>
  stage.succeed(['restore', 'sql', '--to-time', time, '--database', 'agents', '--to', to]);
const turns = () =>
  at.psql('agents', "SELECT coalesce(string_agg(id::text, ' ' ORDER BY id), 'none') FROM turns");

describe('the database can be restored to any second', () => {
  it('once a base backup is there, and health says since when', async () => {
    await until({ what: 'a base backup and its log', ask: at.isWell });
  });

  it('to the one before somebody deleted everything', async () => {
    await at.say(1);
    await at.say(2);
    const before = await at.now();
    await at.say(3);
    const after = await at.now();
    await at.psql('agents', 'DELETE FROM turns');
    await stage.succeed(['restore', 'sql', '--to-time', before, '--database', 'agents', '--lose', 'agents']);
    expect(await turns()).toBe('1 2');
    await copyOf(after, 'agents_after');
    expect(await turns()).toBe('1 2');
    expect(await at.psql('agents_after', 'SELECT count(*) FROM turns')).toBe('3');
    const { stdout } = await stage.succeed(['backup', 'list']);
    expect(stdout).not.toContain('recovered');
  });

  it('to now, where nothing has been written since', async () => {
    await copyOf(await at.now(), 'agents_now');
    expect(await at.psql('agents_now', 'SELECT count(*) FROM turns')).toBe('2');
  });

  it('not to one in the future or before the first base, and nothing changes', async () => {
    for (const [time, reason] of [
      ['2999-01-01T00:00:00Z', 'is in the future'],
      ['2001-01-01T00:00:00Z', 'the first moment that can be restored is'],
    ] as const) {
      const { exitCode, stderr } = await stage.arc(['restore', 'sql', '--to-time', time]);
      expect(exitCode).toBe(1);
      expect(stderr).toContain(reason);
    }
    const { exitCode, stderr } = await stage.arc(['restore', 'sql', '--to-time', '2026-11-30 10:00']);
    expect(exitCode).toBe(2);
    expect(stderr).toContain('It takes a time with its zone');
    expect(await turns()).toBe('1 2');
  });
});

describe('with the storage away', () => {
  it('the server keeps no more of its log than it may, and goes on; afterwards nobody has to do anything', async () => {
    const { docker } = stage.engine;
    await docker.getContainer('arc-storage').stop();
    try {
      await at.writeMuch(12);
      expect(await at.logBytes()).toBeLessThan(logLimit);
      expect(await at.health()).toContain('the storage of the backups does not answer');
      await at.say(4);
    } finally {
      await docker.getContainer('arc-storage').start();
    }
    await until({ what: 'a log that is whole again', ask: at.isWell, limitMilliseconds: 240_000 });
    await at.say(5);
    const time = await at.now();
    await copyOf(time, 'agents_again');
    expect(await at.psql('agents_again', 'SELECT max(id) FROM turns')).toBe('5');
  });
});

describe('with the sidecar killed', () => {
  it('the log goes on where it was, and nothing is missing', async () => {
    await stage.engine.docker.getContainer('arc-sql-backup').kill();
    await at.say(6);
    await at.writeMuch(1);
    await stage.succeed(upSql);
    await until({ what: 'a log that is whole', ask: at.isWell });
    const time = await at.now();
    await copyOf(time, 'agents_killed');
    expect(await at.psql('agents_killed', 'SELECT max(id) FROM turns')).toBe('6');
  });
});

describe('turned off again', () => {
  it('keeps no log for anybody', async () => {
    stage.workspace.edit('arc.yaml', 'sql_point_in_time: "on"', 'sql_point_in_time: "off"');
    await stage.succeed(upSql);
    await until({
      what: 'a server without a slot',
      ask: async () => (await at.psql('postgres', 'SELECT count(*) FROM pg_replication_slots')) === '0',
    });
    expect(await at.health()).not.toContain('can be restored');
  });
});

import { execFileSync } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { needs } from '../support/needs.ts';
import { openStage, type Stage } from '../support/stage.ts';
import { until } from '../support/until.ts';
import { testProject } from '../support/workspace.ts';

// VictoriaLogs takes nothing while less than 100 MiB of its disk are free.

const bases = ['--bases', 'local'];
const volume = 'arc-logs-victorialogs';
const root = needs('root');

describe('with the disk of the logs full', root, () => {
  let stage: Stage;

  beforeAll(async () => {
    if (root.skip) return;
    stage = await openStage();
    await stage.engine.docker.createVolume({
      Name: volume,
      Driver: 'local',
      DriverOpts: { type: 'tmpfs', device: 'tmpfs', o: 'size=64m,uid=65532,gid=65532,mode=0700' },
      Labels: { 'arc.project': testProject },
    });
    await stage.succeed(['up', 'cache', 'telemetry', 'logs', ...bases, '--yes']);
  });
  afterAll(() => stage?.close());

  const keptAfter = async (moment: string): Promise<boolean> => {
    const { stdout } = await stage.succeed([
      'logs',
      '--query',
      'ready to accept',
      '--level',
      'info',
      '--json',
    ]);
    const events = stdout.split('\n').map((line) => JSON.parse(line) as { type: string; time?: string });
    return events.some(({ type, time = '' }) => type === 'log' && time > moment);
  };

  it('the stack goes on, health says so, and the lines come once there is room', async () => {
    const began = new Date().toISOString();
    await stage.succeed(['restart', 'cache', ...bases, '--yes']);
    const { exitCode, stdout } = await stage.arc(['health']);
    expect(exitCode).toBe(1);
    expect(stdout).toMatch(/✗ {2}telemetry line .* no answer within/);
    expect(await keptAfter(began)).toBe(false);
    const { stdout: shown } = await stage.succeed(['logs', 'cache', '--tail', '1']);
    expect(shown).toContain('Ready to accept connections');

    const { Mountpoint } = await stage.engine.docker.getVolume(volume).inspect();
    execFileSync('mount', ['-o', 'remount,size=400m', Mountpoint]);
    await until({
      what: 'the lines of the full disk',
      ask: () => keptAfter(began),
      limitMilliseconds: 120_000,
    });
    await stage.succeed(['health']);
  });
});

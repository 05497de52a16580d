import { afterAll, beforeAll, expect, it } from 'vitest';
import { openStage, type Stage } from '../support/stage.ts';
import { until } from '../support/until.ts';
import { testProject } from '../support/workspace.ts';

const bases = ['--bases', 'local', '--yes'];

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
  await stage.engine.docker.createVolume({
    Name: 'arc-metrics-data',
    Driver: 'local',
    // A disk that can be filled.
    DriverOpts: { type: 'tmpfs', device: 'tmpfs', o: 'size=32m,uid=65532,gid=65532,mode=0700' },
    Labels: { 'arc.project': testProject },
  });
  await stage.succeed(['up', 'cache', 'metrics', ...bases, '--set', 'metrics_interval=5s']);
}, 400_000);
afterAll(() => stage?.close());

/** The deep check `moved` in the words of `arc health metrics`, after its mark. */
async function moved(): Promise<string> {
  const { stdout } = await stage.arc(['health', 'metrics']);
  return /^. {2}metrics moved .*$/m.exec(stdout)?.[0] ?? expect.unreachable(stdout);
}

it('with its disk full metrics says so, boots go on, and it reads on with a gap once there is room', async () => {
  await until({ what: 'a metric that moves', ask: async () => (await moved()).startsWith('✓') });
  const fill = 'dd if=/dev/zero of=/prometheus/fill bs=65536 2>/dev/null; ls /prometheus/fill';
  await stage.succeed(['exec', 'metrics', 'sh', '-c', fill]);
  await until({
    what: 'the check says that nothing is stored',
    ask: async () => /^✗.*was not stored since: .* its disk is full/.test(await moved()),
  });
  await stage.succeed(['restart', 'cache', ...bases]);
  await stage.succeed(['exec', 'metrics', 'sh', '-c', 'rm /prometheus/fill']);
  await until({ what: 'a metric that moves again', ask: async () => (await moved()).startsWith('✓') });
  const { stdout } = await stage.succeed(['metrics', 'up{job="arc-metrics"}[5m]', '--json']);
  const { data } = JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '') as {
    data: { series: readonly { points: readonly { at: number }[] }[] };
  };
  const times = data.series.flatMap(({ points }) => points.map(({ at }) => at));
  const apart = times.slice(1).map((at, index) => at - (times[index] ?? at));
  expect(Math.max(...apart)).toBeGreaterThan(2 * Math.min(...apart));
}, 400_000);

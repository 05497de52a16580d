import { afterAll, beforeAll, it } from 'vitest';
import { openStage, type Stage } from '../support/stage.ts';
import { until } from '../support/until.ts';
import { testProject } from '../support/workspace.ts';

const bases = ['--bases', 'local', '--yes'];

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
  await stage.engine.docker.createVolume({
    Name: 'arc-traces-data',
    Driver: 'local',
    // A disk that can be filled; it is empty again once Jaeger has ended.
    DriverOpts: { type: 'tmpfs', device: 'tmpfs', o: 'size=48m,uid=65532,gid=65532,mode=0700' },
    Labels: { 'arc.project': testProject },
  });
  await stage.succeed(['up', 'cache', 'traces', ...bases]);
}, 400_000);
afterAll(() => stage?.close());

it('with its disk full traces loses spans and says so, boots go on, and all is well once there is room', async () => {
  await stage.succeed(['health', 'traces']);
  const fill = 'dd if=/dev/zero of=/var/lib/jaeger/fill bs=65536 2>/dev/null; ls /var/lib/jaeger/fill';
  await stage.succeed(['exec', 'traces', 'sh', '-c', fill]);
  // The page of the file that it writes to now has room for a few spans more.
  await until({
    what: 'a span that is lost, by the deep check',
    ask: async () => {
      const { exitCode, stdout } = await stage.arc(['health', 'traces', '--timeout', '3s']);
      return exitCode === 1 && /✗ {2}traces trace /.test(stdout);
    },
  });
  await stage.succeed(['restart', 'cache', ...bases]);
  // Nobody starts it again but the Engine.
  await until({
    what: 'a span that is found again',
    ask: async () => (await stage.arc(['health', 'traces'])).exitCode === 0,
  });
  const { stdout: booted } = await stage.succeed(['restart', 'cache', ...bases]);
  const [, id = ''] = /arc trace ([0-9a-f]{32})/.exec(booted) ?? [];
  await stage.succeed(['trace', id]);
});

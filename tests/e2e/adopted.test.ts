import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { resultOf } from '../support/run-arc.ts';
import { openStage, type Stage } from '../support/stage.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(async () => {
  await stage?.arc(['down']);
  await stage?.engine.docker.getVolume('arc-cache-data').remove();
  await stage?.close();
});

describe('a volume that was there before arc', () => {
  it('is used, and the boot says so once', async () => {
    await stage.engine.docker.createVolume({ Name: 'arc-cache-data' });
    const warning = 'The volume arc-cache-data already exists, and arc did not create it';
    expect((await stage.succeed(['plan', 'cache'])).stderr).toContain(warning);
    expect((await stage.succeed(['up', 'cache', '--yes'])).stderr).toContain(warning);
    expect((await stage.succeed(['up', 'cache'])).stderr).not.toContain(warning);
  });

  it('stays when its container is cleaned, which says so', async () => {
    const { stdout } = await stage.succeed(['clean', '--yes']);
    expect(stdout).toContain('Removed arc-cache.');
    expect(stdout).toContain('volume arc-cache-data, which `docker volume rm arc-cache-data` removes');
  });

  it('stays when everything else is nuked, which names it and does not say that nothing is left', async () => {
    await stage.succeed(['up', 'cache']);
    const { stdout } = await stage.succeed(['nuke', '--force']);
    expect(stdout).toContain('Nothing that arc made is left of the project arc-e2e');
    expect(stdout).toContain('volume arc-cache-data, which `docker volume rm arc-cache-data` removes');
    expect(await stage.engine.everything()).toContain('volume arc-cache-data');
    const again = await stage.succeed(['nuke', '--force', '--json']);
    expect(resultOf<{ left: unknown }>(again.stdout).left).toEqual([
      { kind: 'volume', name: 'arc-cache-data' },
    ]);
  });
});

import { chmodSync, statSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openStage, type Stage } from '../support/stage.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage?.close());

/** As `umask 077; git clone` leaves it. */
function close(): void {
  for (const folder of ['.', 'services', 'services/cache']) chmodSync(stage.workspace.path(folder), 0o700);
  chmodSync(stage.workspace.path('services/cache/redis.conf'), 0o600);
}

const cause = 'services/cache/redis.conf has mode 0600, so user 65532:65532 of arc-cache cannot read it';

describe('a workspace that was cloned with a umask of 077', () => {
  it('boots, and says which file it opens', async () => {
    close();
    const { stderr } = await stage.succeed(['up', 'cache', '--yes']);
    expect(stderr).toContain(`${cause}; it has mode 0644 now.`);
    expect(statSync(stage.workspace.path('services/cache/redis.conf')).mode & 0o777).toBe(0o644);
    expect((await stage.succeed(['up', 'cache'])).stderr).not.toContain('has mode');
  });

  it('has its rights in the plan, for what runs already too', async () => {
    close();
    const { stdout, exitCode } = await stage.arc(['plan', 'cache', '--exit-code']);
    expect(stdout).toBe(`~ rights of services/cache/redis.conf  (${cause})`);
    expect(exitCode).toBe(3);
  });

  it('has private files that containers can read, whatever somebody did to them', async () => {
    await stage.succeed(['secrets', 'generate']);
    close();
    await stage.succeed(['up', 'cache', '--yes']);
    chmodSync(stage.workspace.path('.arc/config/cache/redis.conf'), 0o600);
    await stage.succeed(['restart', 'cache']);
    expect(statSync(stage.workspace.path('.arc/config/cache/redis.conf')).mode & 0o777).toBe(0o644);
  });
});

import { chmodSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
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
    expect(stdout).toBe(`~ rights services/cache/redis.conf  (${cause})`);
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

/** Puts a folder over the data of the cache, as a restored backup would: through a container that never runs. */
async function restore(options: { owner: number; files?: Readonly<Record<string, string>> }): Promise<void> {
  const { docker } = stage.engine;
  const folder = mkdtempSync(join(tmpdir(), 'arc-data-'));
  mkdirSync(join(folder, 'data'));
  for (const [name, text] of Object.entries(options.files ?? {}))
    writeFileSync(join(folder, 'data', name), text, 'latin1');
  const ids = [`--owner=${options.owner}`, `--group=${options.owner}`, '--numeric-owner', '--mode=0755'];
  const { stdout } = await execa('tar', ['-C', folder, ...ids, '-cf', '-', 'data'], { encoding: 'buffer' });
  rmSync(folder, { recursive: true });
  const container = await docker.createContainer({
    Image: 'ghcr.io/arc-framework/arc-cache:latest',
    Cmd: ['never'],
    HostConfig: { Binds: ['arc-cache-data:/data'] },
  });
  await container.putArchive(Buffer.from(stdout), { path: '/' });
  await container.remove();
}

describe('data that a container cannot work with', () => {
  it('is said to belong to somebody else, before the container is started', async () => {
    await stage.succeed(['clean', 'cache', '--yes']);
    await stage.engine.docker.createVolume({ Name: 'arc-cache-data', Labels: { 'arc.project': 'arc-e2e' } });
    await restore({ owner: 0, files: { 'dump.rdb': '' } });
    const { exitCode, stderr } = await stage.arc(['up', 'cache', '--yes']);
    expect(exitCode).toBe(1);
    expect(stderr).toContain(
      'error[data-owner]\n  The data in arc-cache-data belongs to 0:0, and arc-cache runs as 65532:65532',
    );
    expect(stderr).toContain('sudo chown -R 65532:65532');
    expect((await stage.engine.containers())['arc-cache']?.state).toBe('created');
  });
});

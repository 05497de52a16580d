import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openStage, type Stage } from '../support/stage.ts';
import { until } from '../support/until.ts';

// The contracts of this repository in a real broker, through the command line; and what happens when that fails.

const origin = 'http://127.0.0.1:8082';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
  await stage.succeed(['up', 'streaming', '--yes']);
}, 900_000);
afterAll(() => stage?.close());

async function admin(method: string, path: string, body?: unknown): Promise<unknown> {
  const answer = await fetch(`${origin}/admin/v2/${path}`, {
    method,
    headers: { 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(20_000),
  });
  const text = await answer.text();
  expect(answer.ok, `${method} ${path}: ${answer.status} ${text}`).toBe(true);
  return text === '' ? undefined : JSON.parse(text);
}

const isHealthy = async (): Promise<boolean> => (await stage.arc(['health'])).exitCode === 0;

describe('the contracts in the broker', () => {
  it('are all there, so that nothing is left to do', async () => {
    expect(await admin('GET', 'namespaces/arc')).toEqual(
      expect.arrayContaining(['arc/analytics', 'arc/audit', 'arc/events']),
    );
    expect(await admin('GET', 'persistent/arc/events/conversation/partitions')).toMatchObject({
      partitions: 4,
    });
    expect(await admin('GET', 'schemas/arc/events/conversation/schema')).toMatchObject({ type: 'JSON' });
    const { stdout } = await stage.succeed(['plan', 'streaming']);
    expect(stdout).toBe('nothing to do');
  });

  it('hold no subscription of a program that nobody has asked for', async () => {
    expect(await admin('GET', 'persistent/arc/events/conversation/subscriptions')).toEqual([]);
  });

  it('have one that was asked for, until it is not wanted any more', async () => {
    const asked = ['--set', 'streaming_subscriptions=search-indexer'];
    const { stdout } = await stage.succeed(['plan', 'streaming', ...asked]);
    expect(stdout).toBe('+ subscription arc/events/conversation/search-indexer  (no existing subscription)');
    await stage.succeed(['up', 'streaming', '--yes', ...asked]);
    expect(await admin('GET', 'persistent/arc/events/conversation/subscriptions')).toEqual([
      'search-indexer',
    ]);
    await stage.succeed(['up', 'streaming', '--yes']);
    expect(await admin('GET', 'persistent/arc/events/conversation/subscriptions')).toEqual([]);
  });

  it('are shown where somebody changed them by hand, and mended by arc up', async () => {
    await admin('POST', 'namespaces/arc/events/retention', {
      retentionTimeInMinutes: 60,
      retentionSizeInMB: 2048,
    });
    const drift = await stage.arc(['drift']);
    expect(drift.exitCode).toBe(3);
    expect(drift.stdout).toMatch(/namespace\/arc\/events +retention +30d and .* → 1h/);
    await stage.succeed(['up', 'streaming', '--yes']);
    expect((await stage.arc(['drift'])).exitCode).toBe(0);
  });

  it('are checked by an event that becomes a dead letter, and by what waits', async () => {
    const { stdout } = await stage.succeed(['health']);
    expect(stdout).toMatch(/✓ {2}streaming dead-letters .* and was a dead letter after \d+ ms/);
    expect(stdout).toMatch(/✓ {2}streaming backlog .*nothing waits in \d+ subscriptions/);
  });
});

describe('a broker', () => {
  it('that was killed comes back by itself, with everything that was in it', async () => {
    const { State } = await stage.engine.docker.getContainer('arc-streaming').inspect();
    // Whoever kills by the Engine means it: then the Engine leaves the container as it is.
    process.kill(State.Pid, 'SIGKILL');
    await until({ what: 'a healthy broker', ask: isHealthy, limitMilliseconds: 240_000 });
    expect((await stage.succeed(['plan', 'streaming'])).stdout).toBe('nothing to do');
  });

  it('that is paused is named as the cause, and is well once it goes on', async () => {
    const container = stage.engine.docker.getContainer('arc-streaming');
    await container.pause();
    try {
      const { exitCode, stdout } = await stage.arc(['health']);
      expect(exitCode).toBe(1);
      expect(stdout).toMatch(/✗ {2}arc-streaming +paused/);
    } finally {
      await container.unpause();
    }
    await until({ what: 'a healthy broker', ask: isHealthy, limitMilliseconds: 120_000 });
  });
});

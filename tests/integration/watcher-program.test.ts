import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createUser } from '@nats-io/nkeys';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type NatsServer, startNatsServer } from '../support/nats-server.ts';
import { repository } from '../support/run-arc.ts';

// The watcher's program beside a NATS server of the test.

const known = createUser();
const folder = mkdtempSync(join(tmpdir(), 'arc-watcher-'));
let nats: NatsServer;
beforeAll(async () => {
  nats = await startNatsServer({ config: `authorization { users: [{ nkey: ${known.getPublicKey()} }] }` });
  const config = { port: 0, heartbeat: 'system.health.heartbeat', domains: ['system'], messages: [] };
  writeFileSync(join(folder, 'watcher.conf'), JSON.stringify({ ...config, containers: [], beating: [] }));
});
afterAll(async () => {
  await nats?.dispose();
  rmSync(folder, { recursive: true, force: true });
});

function watcher(seed: Uint8Array) {
  writeFileSync(join(folder, 'seed'), seed);
  return execa(process.execPath, [join(repository, 'packages', 'contract-watcher', 'main.ts')], {
    env: {
      WATCHER_CONFIG: join(folder, 'watcher.conf'),
      NATS_URL: nats.url,
      NATS_SEED_FILE: join(folder, 'seed'),
    },
    reject: false,
  });
}

describe('the watcher', () => {
  it('ends with what NATS says where NATS does not know its key, and so is started again', async () => {
    const { exitCode, stderr } = await watcher(createUser().getSeed());
    expect(exitCode).toBe(1);
    const said = stderr.split('\n').map((line) => JSON.parse(line) as { level: string; message: string });
    expect(said).toEqual([
      expect.objectContaining({ level: 'error', message: expect.stringMatching(/authorization violation/i) }),
    ]);
  });

  it('stays connected through the death of NATS, and ends when it is told to', async () => {
    const running = watcher(known.getSeed());
    const lines: string[] = [];
    running.stderr.on('data', (chunk: Buffer) => lines.push(chunk.toString()));
    await expect.poll(() => lines.join(''), { timeout: 10_000 }).toContain('"connected"');
    await nats.kill();
    await nats.again();
    running.kill('SIGTERM');
    expect((await running).exitCode).toBe(0);
  });
});

import { join } from 'node:path';
import { execa } from 'execa';
import { AccessToken } from 'livekit-server-sdk';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { devLivekit } from '../support/rooms.ts';
import { untilLine } from '../support/run-arc.ts';
import { openStage, type Stage } from '../support/stage.ts';
import { until } from '../support/until.ts';

const url = 'ws://127.0.0.1:7880';
const up = [
  ...['up', 'realtime', 'sql', '--bases', 'local', '--yes'],
  ...['--without', 'realtime-ingress', '--without', 'realtime-egress'],
];

let stage: Stage;
beforeAll(async () => {
  stage = await openStage({ settings: { media: 'mux' } });
  await stage.succeed(up, { limitMilliseconds: 300_000 });
}, 400_000);
afterAll(() => stage?.close());

/** Runs a program of a participant until it is killed. */
async function participate(options: {
  script: string;
  room: string;
  identity: string;
  args?: string[];
  stack: DisposableStack;
}) {
  const { script, room, identity, args = [], stack } = options;
  const token = new AccessToken(devLivekit.apiKey, devLivekit.apiSecret, { identity, ttl: 600 });
  token.addGrant({ room, roomJoin: true, roomCreate: true, canPublish: true, canSubscribe: true });
  const program = execa(
    process.execPath,
    [join(import.meta.dirname, '..', 'support', script), url, ...args],
    {
      input: await token.toJwt(),
      env: stage.environment,
      reject: false,
    },
  );
  stack.defer(() => void program.kill());
  // A promise of its end would be waited for.
  return { stdout: program.stdout };
}

/** A camera that somebody watches: resolves with the next picture that is shown. */
async function openCall(room: string) {
  const stack = new DisposableStack();
  const viewer = await participate({ script: 'room-viewer.ts', room, identity: 'viewer', stack });
  await untilLine(viewer.stdout, (line) => line === 'joined');
  const picture = () => untilLine(viewer.stdout, (line) => line.startsWith('camera: picture '));
  const args = ['video', '320x180'];
  await participate({ script: 'room-publisher.ts', room, identity: 'camera', args, stack });
  return { picture, [Symbol.dispose]: () => stack.dispose() };
}

const numberIn = (line: string) => Number(line.split(' ').at(-1));

describe('with the database away', () => {
  it('calls go on, new ones begin, health names it, and it comes back by itself', async () => {
    using call = await openCall('before');
    const shown = numberIn(await call.picture());
    const sql = stage.engine.docker.getContainer('arc-sql');
    await sql.stop();
    try {
      expect(numberIn(await call.picture())).toBeGreaterThan(shown);
      using other = await openCall('meanwhile');
      await other.picture();
      const { exitCode, output } = await stage.arc(['health']);
      expect(exitCode).toBe(1);
      expect(output).toMatch(/✗ +arc-sql +exited/);
      expect(output).toMatch(/✓ +arc-realtime +running/);
      expect(output).toMatch(/✓ +realtime api/);
    } finally {
      await sql.start();
    }
    await until({
      what: 'a database that is well again',
      ask: async () => (await stage.arc(['health', 'sql'])).exitCode === 0,
    });
    expect(numberIn(await call.picture())).toBeGreaterThan(shown);
  });
});

import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type IngressInfo, IngressInput, IngressState_Status as Status } from '@livekit/protocol';
import { execa } from 'execa';
import { AccessToken, IngressClient } from 'livekit-server-sdk';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { type Encoder, startEncoder } from '../support/encoder.ts';
import { devLivekit } from '../support/rooms.ts';
import { repository } from '../support/run-arc.ts';
import { openStage, type Stage } from '../support/stage.ts';
import { until } from '../support/until.ts';

// The embedded ingress worker with the real server and Redis, an encoder that people use, and a participant who looks at
// what arrives. The API is LiveKit's own, through its SDK.

const { apiKey, apiSecret } = devLivekit;
const ingress = new IngressClient('http://127.0.0.1:7880', apiKey, apiSecret);
const ports = { rtmp: 1935, health: 7888 };
const configuration = JSON.stringify({
  api_key: apiKey,
  api_secret: apiSecret,
  ws_url: 'ws://127.0.0.1:7880',
  redis: { address: '127.0.0.1:6379', password: 'arc-dev-redis-password' },
  rtmp_port: ports.rtmp,
  health_port: ports.health,
});

let stage: Stage;
let worker: ReturnType<typeof startWorker>;

function startWorker() {
  const child = execa(process.execPath, [join(repository, 'services/realtime/embedded/ingress/main.ts')], {
    env: { ...stage.environment, INGRESS_CONFIG_BODY: configuration },
    reject: false,
    all: true,
  });
  return { child };
}

const health = async (path: string): Promise<number> =>
  (await fetch(`http://127.0.0.1:${ports.health}${path}`)).status;

beforeAll(async () => {
  await execa('ffmpeg', ['-version']).catch(() => {
    throw new Error('These tests need ffmpeg (Debian: apt-get install ffmpeg).');
  });
  stage = await openStage({ settings: { media: 'mux' } });
  const without = ['--without', 'realtime-ingress', '--without', 'realtime-egress'];
  await stage.succeed(['up', 'cache', 'realtime', ...without, '--yes']);
  worker = startWorker();
  await until({ what: 'the worker', ask: async () => (await health('/')) === 200 });
});
afterAll(async () => {
  worker?.child.kill();
  await worker?.child;
  await stage?.close();
});

/** A new ingress for one test. */
async function create(room: string, identity = 'camera'): Promise<IngressInfo> {
  const info = await ingress.createIngress(IngressInput.RTMP_INPUT, {
    name: identity,
    roomName: room,
    participantIdentity: identity,
    participantName: identity,
  });
  onTestFinished(async () => {
    await ingress.deleteIngress(info.ingressId).catch(() => {});
  });
  return info;
}

const state = async ({ ingressId }: IngressInfo) => (await ingress.listIngress({ ingressId }))[0]?.state;
const untilStatus = (info: IngressInfo, status: Status) =>
  until({ what: `status ${Status[status]}`, ask: async () => (await state(info))?.status === status });

function push(key: string | undefined, options: { has?: 'audio' | 'video'; app?: string } = {}): Encoder {
  const { has, app = 'live' } = options;
  const encoder = startEncoder({
    url: `rtmp://127.0.0.1:${ports.rtmp}/${app}/${key}`,
    environment: stage.environment,
    ...(has ? { has } : {}),
  });
  onTestFinished(encoder.kill);
  return encoder;
}

/** Watches a room; `sees` resolves when the line was said. */
async function watch(
  room: string,
): Promise<{ sees: (line: string) => Promise<void>; lines: () => string[] }> {
  const token = new AccessToken(apiKey, apiSecret, { identity: `viewer-${room}`, ttl: 600 });
  token.addGrant({ room, roomJoin: true, roomCreate: true });
  const lines: string[] = [];
  const viewer = execa(
    process.execPath,
    [join(import.meta.dirname, '../support/room-viewer.ts'), 'ws://127.0.0.1:7880'],
    { env: stage.environment, input: await token.toJwt(), reject: false, timeout: 150_000 },
  );
  viewer.stdout.on('data', (text) => lines.push(...String(text).trim().split('\n')));
  onTestFinished(async () => {
    viewer.kill();
    await viewer;
  });
  const sees = async (line: string): Promise<void> => {
    await until({
      what: `"${line}" among ${JSON.stringify(lines)}`,
      ask: () => lines.includes(line),
      limitMilliseconds: 30_000,
    });
  };
  await sees('joined');
  return { sees, lines: () => lines };
}

describe('a stream of H.264 and AAC', () => {
  it('is seen and heard in its room, and the API says so', async () => {
    const viewer = await watch('whole');
    const info = await create('whole');
    const encoder = push(info.streamKey);
    await viewer.sees('camera: video 640x360');
    await viewer.sees('camera: audio');
    await viewer.sees('camera: picture 90');
    expect(await state(info)).toMatchObject({
      status: Status.ENDPOINT_PUBLISHING,
      error: '',
      video: { mimeType: 'video/h264', width: 640, height: 360 },
      audio: { mimeType: 'audio/aac' },
      tracks: [{ type: 0 }, { type: 1 }],
      roomId: expect.stringMatching(/^RM_/),
    });
    await encoder.stop();
    await viewer.sees('camera: left');
    await untilStatus(info, Status.ENDPOINT_INACTIVE);
  });

  it('can have another word before the key', async () => {
    const info = await create('apps');
    push(info.streamKey, { app: 'studio' });
    await untilStatus(info, Status.ENDPOINT_PUBLISHING);
  });

  it.each([
    ['audio', [0]],
    ['video', [1]],
  ] as const)('may be one of %s alone', async (has, types) => {
    const viewer = await watch(`only-${has}`);
    const info = await create(`only-${has}`);
    push(info.streamKey, { has });
    await viewer.sees(has === 'audio' ? 'camera: audio' : 'camera: picture 30');
    expect((await state(info))?.tracks.map(({ type }) => type)).toEqual(types);
  });

  it('may stand still for a while', async () => {
    const viewer = await watch('paused');
    const info = await create('paused');
    const encoder = push(info.streamKey);
    await viewer.sees('camera: picture 30');
    encoder.stand();
    await sleep(3_000);
    const before = viewer.lines().length;
    encoder.goOn();
    await until({ what: 'two seconds more', ask: () => viewer.lines().length >= before + 2 });
    expect(viewer.lines()).not.toContain('camera: left');
    expect((await state(info))?.status).toBe(Status.ENDPOINT_PUBLISHING);
  });

  it('comes back with the same key, even where its old connection was not missed yet', async () => {
    const viewer = await watch('again');
    const info = await create('again');
    const first = push(info.streamKey);
    await viewer.sees('camera: picture 30');
    push(info.streamKey);
    expect((await first.ended).exitCode).not.toBe(0);
    await viewer.sees('camera: left');
    await untilStatus(info, Status.ENDPOINT_PUBLISHING);
  });
});

describe('a key', () => {
  it('that nobody has is refused within the protocol', async () => {
    const { exitCode, said } = await push('no-such-key').ended;
    expect(said).toContain('unknown stream key');
    expect(exitCode).not.toBe(0);
  });

  it('of a disabled ingress is refused', async () => {
    const info = await create('disabled');
    await ingress.updateIngress(info.ingressId, { name: 'disabled', enabled: false });
    expect((await push(info.streamKey).ended).said).toContain('this ingress is disabled');
  });
});

describe('the API', () => {
  it('cuts a live stream by deleting its ingress', async () => {
    const viewer = await watch('deleted');
    const info = await create('deleted');
    const encoder = push(info.streamKey);
    await viewer.sees('camera: picture 30');
    await ingress.deleteIngress(info.ingressId);
    await viewer.sees('camera: left');
    expect((await encoder.ended).exitCode).not.toBe(0);
    expect((await push(info.streamKey).ended).said).toContain('unknown stream key');
  });

  it('moves a live stream to another room, and the encoder notices nothing', async () => {
    const [before, after] = [await watch('before'), await watch('after')];
    const info = await create('before');
    push(info.streamKey);
    await before.sees('camera: picture 30');
    await ingress.updateIngress(info.ingressId, { name: 'camera', roomName: 'after' });
    await before.sees('camera: left');
    await after.sees('camera: picture 30');
  });
});

describe('pulling a URL', () => {
  it('is refused at once, in words', async () => {
    const pull = ingress.createIngress(IngressInput.URL_INPUT, {
      url: 'https://example.org/live.m3u8',
      name: 'pull',
      roomName: 'pull',
      participantIdentity: 'pull',
      participantName: 'Pull',
    });
    await expect(pull).rejects.toMatchObject({
      code: 'unimplemented',
      message: expect.stringContaining('needs the upstream flavour'),
    });
  });
});

describe('what goes wrong', () => {
  it('with the process of one stream ends that one, with words, and no other', async () => {
    const viewer = await watch('robust');
    const [doomed, other] = [await create('robust', 'doomed'), await create('robust', 'other')];
    push(doomed.streamKey);
    await viewer.sees('doomed: picture 30');
    const [victim] = childrenOf(worker.child.pid);
    const before = push(other.streamKey);
    await viewer.sees('other: picture 30');
    process.kill(victim ?? 0, 'SIGKILL');
    await untilStatus(doomed, Status.ENDPOINT_ERROR);
    expect((await state(doomed))?.error).toBe("The stream's process ended unexpectedly (SIGKILL).");
    await viewer.sees('other: picture 90');
    await before.stop();
  });

  it('with 200 connections that speak no RTMP harms no stream, and costs no memory', async () => {
    const viewer = await watch('attacked');
    const info = await create('attacked');
    push(info.streamKey);
    await viewer.sees('camera: picture 30');
    const before = residentMegabytes(worker.child.pid);
    await Promise.all(Array.from({ length: 200 }, (_, seed) => nonsense(seed)));
    await viewer.sees('camera: picture 120');
    expect(residentMegabytes(worker.child.pid) - before).toBeLessThan(64);
    expect(await health('/')).toBe(200);
  });

  it('with Redis is admitted by the health check, refuses new streams, and passes', async () => {
    const info = await create('later');
    await stage.engine.docker.getContainer('arc-cache').stop();
    await until({ what: 'the loss', ask: async () => (await health('/')) === 503 });
    expect(await health('/availability')).toBe(503);
    expect((await push(info.streamKey).ended).exitCode).not.toBe(0);
    await stage.succeed(['up', 'cache', '--yes']);
    await until({ what: 'the recovery', ask: async () => (await health('/')) === 200 });
    await until({ what: 'the server', ask: () => ingress.listIngress() });
    const fresh = await create('later');
    push(fresh.streamKey);
    await untilStatus(fresh, Status.ENDPOINT_PUBLISHING);
  });
});

describe('a server that starts anew', () => {
  it('has the streams of before again, and their encoders notice nothing', async () => {
    const viewer = await watch('restarted');
    const info = await create('restarted');
    push(info.streamKey);
    await viewer.sees('camera: picture 30');
    await stage.engine.docker.getContainer('arc-realtime').restart();
    const before = viewer.lines().length;
    await until({ what: 'three seconds more', ask: () => viewer.lines().length >= before + 3 });
    expect((await state(info))?.status).toBe(Status.ENDPOINT_PUBLISHING);
    expect(await health('/')).toBe(200);
  });
});

describe('SIGTERM', () => {
  it('ends the streams in good order', async () => {
    const viewer = await watch('drained');
    const info = await create('drained');
    push(info.streamKey);
    await viewer.sees('camera: picture 30');
    worker.child.kill('SIGTERM');
    expect((await worker.child).exitCode).toBe(0);
    await viewer.sees('camera: left');
    expect((await state(info))?.status).toBe(Status.ENDPOINT_INACTIVE);
  });

  it('is not what a wrong configuration waits for', async () => {
    const { exitCode, stderr } = await execa(
      process.execPath,
      [join(repository, 'services/realtime/embedded/ingress/main.ts')],
      { env: { INGRESS_CONFIG_BODY: '{api_key: key, whip_port: 8080}' }, reject: false },
    );
    expect(exitCode).toBe(2);
    expect(stderr).toContain('whip_port is not supported by the embedded ingress worker');
  });
});

const childrenOf = (pid = 0): number[] =>
  readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').map(Number);

const residentMegabytes = (pid = 0): number =>
  Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024;

/** Half of them begin as RTMP does, and go on with bytes of their own. Resolves when the worker has hung up. */
function nonsense(seed: number): Promise<void> {
  return new Promise((resolve) => {
    const socket = connect(ports.rtmp, '127.0.0.1');
    const bytes = Buffer.from(
      Array.from({ length: 4_000 }, (_, index) => (index * seed * 31 + index) & 0xff),
    );
    if (seed % 2 === 0) bytes[0] = 3;
    socket.on('connect', () => socket.write(bytes));
    socket.on('error', () => {});
    socket.on('data', () => {});
    socket.on('close', () => resolve());
  });
}

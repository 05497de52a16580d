import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { IngressState_Status as Status, TrackSource } from '@livekit/protocol';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { type IngressStage, openIngressStage, ports } from '../support/ingress-stage.ts';
import { roomService } from '../support/rooms.ts';
import { greedily, nonsense, slowly } from '../support/rtmp-attacks.ts';
import { repository } from '../support/run-arc.ts';
import { openSlowLink } from '../support/slow-link.ts';
import { until } from '../support/until.ts';

// RTMP into a room, with the embedded ingress worker.

let at: IngressStage;
beforeAll(async () => {
  at = await openIngressStage();
});
afterAll(() => at?.close());

describe('a stream of H.264 and AAC', () => {
  it('is seen and heard in its room, and the API says so', async () => {
    const viewer = await at.watch('whole');
    const info = await at.create('whole');
    const encoder = at.push(info.streamKey);
    await viewer.sees('camera: video 640x360');
    await viewer.sees('camera: audio');
    await viewer.sees('camera: picture 90');
    expect(await at.state(info)).toMatchObject({
      status: Status.ENDPOINT_PUBLISHING,
      error: '',
      video: { mimeType: 'video/H264', width: 640, height: 360, framerate: 30 },
      audio: { mimeType: 'audio/aac', channels: 1, sampleRate: 44_100 },
      tracks: [{ type: 0 }, { type: 1 }],
      roomId: expect.stringMatching(/^RM_/),
    });
    // As upstream's: tracks have the names that the ingress gives them, and none otherwise.
    expect(await roomService().getParticipant('whole', 'camera')).toMatchObject({
      attributes: {
        'ingress.ingressID': info.ingressId,
        'ingress.resourceID': (await at.state(info))?.resourceId,
      },
      // In any order.
      tracks: expect.arrayContaining([
        expect.objectContaining({ name: '', source: TrackSource.MICROPHONE }),
        expect.objectContaining({ name: '', source: TrackSource.CAMERA }),
      ]),
    });
    await encoder.stop();
    await viewer.sees('camera: left');
    await at.untilStatus(info, Status.ENDPOINT_INACTIVE);
  });

  it('accepts any application name before the stream key', async () => {
    const info = await at.create('apps');
    at.push(info.streamKey, { app: 'studio' });
    await at.untilStatus(info, Status.ENDPOINT_PUBLISHING);
  });

  it.each([
    ['audio', [0]],
    ['video', [1]],
  ] as const)('can have %s alone', async (has, types) => {
    const viewer = await at.watch(`only-${has}`);
    const info = await at.create(`only-${has}`);
    at.push(info.streamKey, { has });
    await viewer.sees(has === 'audio' ? 'camera: audio' : 'camera: picture 30');
    expect((await at.state(info))?.tracks.map(({ type }) => type)).toEqual(types);
  });

  it('can pause', async () => {
    const viewer = await at.watch('paused');
    const info = await at.create('paused');
    const encoder = at.push(info.streamKey);
    await viewer.sees('camera: picture 30');
    encoder.stand();
    await sleep(3_000);
    const before = viewer.lines().length;
    encoder.goOn();
    await until({ what: 'two seconds more', ask: () => viewer.lines().length >= before + 2 });
    expect(viewer.lines()).not.toContain('camera: left');
    expect((await at.state(info))?.status).toBe(Status.ENDPOINT_PUBLISHING);
  });

  it('that fell behind on a slow link skips until it is live again', async () => {
    const link = await openSlowLink({ to: ports.rtmp });
    onTestFinished(link.close);
    const viewer = await at.watch('slow');
    const info = await at.create('slow');
    // 2.5 Mbit a second.
    at.push(info.streamKey, { likeObs: true, port: link.port });
    await viewer.sees('camera: picture 30');
    const skips: { milliseconds: number }[] = [];
    createInterface({ input: at.worker().readable({ from: 'all' }) }).on('line', (line) => {
      if (line.includes('"skipped"')) skips.push(JSON.parse(line));
    });
    const skipped = (): number => skips.reduce((sum, { milliseconds }) => sum + milliseconds, 0);
    const start = performance.now();
    link.limit(125_000);
    await sleep(8_000);
    link.limit(undefined);
    const slow = performance.now() - start;
    // Of each second it missed more than half; half a second stays.
    await until({ what: 'that a quarter of that time is skipped', ask: () => skipped() > slow / 4 });
    expect(skipped()).toBeLessThan(performance.now() - start);
    expect(skips[0]).toMatchObject({ event: 'skipped', room: 'slow', participant: 'camera' });
    const before = viewer.lines().length;
    await until({ what: 'two seconds more', ask: () => viewer.lines().length >= before + 2 });
    expect(viewer.lines()).not.toContain('camera: left');
  });

  it('can reconnect with the same key while its old connection still looks alive', async () => {
    const viewer = await at.watch('again');
    const info = await at.create('again');
    const first = at.push(info.streamKey);
    await viewer.sees('camera: picture 30');
    at.push(info.streamKey);
    expect((await first.ended).exitCode).not.toBe(0);
    await viewer.sees('camera: left');
    await at.untilStatus(info, Status.ENDPOINT_PUBLISHING);
  });
});

describe('a key', () => {
  it('that is unknown is refused within the protocol', async () => {
    const { exitCode, said } = await at.push('no-such-key').ended;
    expect(said).toContain('unknown stream key');
    expect(exitCode).not.toBe(0);
  });

  it('of a disabled ingress is refused, and the API says why until it is enabled', async () => {
    const info = await at.create('disabled');
    await at.api.updateIngress(info.ingressId, { name: 'disabled', enabled: false });
    expect((await at.push(info.streamKey).ended).said).toContain('this ingress is disabled');
    expect(await at.state(info)).toMatchObject({
      status: Status.ENDPOINT_ERROR,
      error: 'session is disabled',
    });
    await at.api.updateIngress(info.ingressId, { name: 'disabled', enabled: true });
    expect((await at.state(info))?.status).toBe(Status.ENDPOINT_INACTIVE);
    at.push(info.streamKey);
    await at.untilStatus(info, Status.ENDPOINT_PUBLISHING);
    expect((await at.state(info))?.error).toBe('');
    // Now it is cut, which is no error.
    await at.api.updateIngress(info.ingressId, { name: 'disabled', enabled: false });
    await at.untilStatus(info, Status.ENDPOINT_INACTIVE);
  });
});

describe('the API', () => {
  it('cuts a live stream by deleting its ingress', async () => {
    const viewer = await at.watch('deleted');
    const info = await at.create('deleted');
    const encoder = at.push(info.streamKey);
    await viewer.sees('camera: picture 30');
    await at.api.deleteIngress(info.ingressId);
    await viewer.sees('camera: left');
    // The server has heard that the stream is over before it removed the ingress, and sends its webhook.
    expect(await at.serverSays('ingress ended', info)).toBe(true);
    expect((await encoder.ended).exitCode).not.toBe(0);
    expect((await at.push(info.streamKey).ended).said).toContain('unknown stream key');
  });

  it('moves a live stream to another room, and the encoder notices nothing', async () => {
    const [before, after] = [await at.watch('before'), await at.watch('after')];
    const info = await at.create('before');
    at.push(info.streamKey);
    await before.sees('camera: picture 30');
    await at.api.updateIngress(info.ingressId, { name: 'camera', roomName: 'after' });
    await before.sees('camera: left');
    await after.sees('camera: picture 30');
  });
});

describe('what goes wrong', () => {
  it('a killed stream process ends that stream alone, with an error', async () => {
    const viewer = await at.watch('robust');
    const [doomed, other] = [await at.create('robust', 'doomed'), await at.create('robust', 'other')];
    // That of the stream before may still be ending.
    const earlier = childrenOf(at.worker().pid);
    at.push(doomed.streamKey);
    await viewer.sees('doomed: picture 30');
    const victim = childrenOf(at.worker().pid).find((pid) => !earlier.includes(pid));
    const before = at.push(other.streamKey);
    await viewer.sees('other: picture 30');
    process.kill(victim ?? 0, 'SIGKILL');
    await at.untilStatus(doomed, Status.ENDPOINT_ERROR);
    expect((await at.state(doomed))?.error).toBe("The stream's process ended unexpectedly (SIGKILL).");
    await viewer.sees('other: picture 90');
    await before.stop();
  });

  it.each([
    ['speak no RTMP', nonsense],
    ['ask for more memory than anybody needs', greedily],
  ])('200 connections that %s harm no stream and cost no memory', async (_, attack) => {
    const viewer = await at.watch('attacked');
    const info = await at.create('attacked');
    at.push(info.streamKey);
    await viewer.sees('camera: picture 30');
    const before = residentMegabytes(at.worker().pid);
    const attackers = Array.from({ length: 200 }, (_, seed) => attack(ports.rtmp, seed));
    await viewer.sees('camera: picture 120');
    expect(residentMegabytes(at.worker().pid) - before).toBeLessThan(64);
    await Promise.all(attackers.map(({ ended }) => ended));
    expect(await at.health('/')).toBe(200);
  });

  it('400 connections that never become a stream keep nobody else out', async () => {
    const viewer = await at.watch('slow');
    const info = await at.create('slow');
    const before = residentMegabytes(at.worker().pid);
    const attackers = Array.from({ length: 400 }, () => slowly(ports.rtmp));
    at.push(info.streamKey);
    await viewer.sees('camera: picture 90');
    expect(residentMegabytes(at.worker().pid) - before).toBeLessThan(64);
    // All of them within the time that a connection has to become a stream.
    await Promise.all(attackers.map(({ ended }) => ended));
    await viewer.sees('camera: picture 120');
    expect(await at.health('/')).toBe(200);
  });

  it('a Redis outage shows in the health check, refuses new streams, and passes', async () => {
    const info = await at.create('later');
    await at.stage.engine.docker.getContainer('arc-cache').stop();
    await until({ what: 'the loss', ask: async () => (await at.health('/')) === 503 });
    expect(await at.health('/availability')).toBe(503);
    expect((await at.push(info.streamKey).ended).exitCode).not.toBe(0);
    await at.stage.succeed(['up', 'cache', '--yes']);
    await until({ what: 'the recovery', ask: async () => (await at.health('/')) === 200 });
    await until({ what: 'the server', ask: () => at.api.listIngress() });
    const fresh = await at.create('later');
    at.push(fresh.streamKey);
    await at.untilStatus(fresh, Status.ENDPOINT_PUBLISHING);
  });
});

describe('a restarted server', () => {
  it('gets its streams back, and their encoders notice nothing', async () => {
    const viewer = await at.watch('restarted');
    const info = await at.create('restarted');
    at.push(info.streamKey);
    await viewer.sees('camera: picture 30');
    await at.stage.engine.docker.getContainer('arc-realtime').restart();
    const before = viewer.lines().length;
    await until({ what: 'three seconds more', ask: () => viewer.lines().length >= before + 3 });
    expect((await at.state(info))?.status).toBe(Status.ENDPOINT_PUBLISHING);
    expect(await at.health('/')).toBe(200);
  });

  it('gets its streams back also where it was away for longer than they try to keep their connection', async () => {
    const info = await at.create('away');
    const encoder = at.push(info.streamKey);
    let hasEnded = false;
    void encoder.ended.then(() => {
      hasEnded = true;
    });
    await at.untilStatus(info, Status.ENDPOINT_PUBLISHING);
    const server = at.stage.engine.docker.getContainer('arc-realtime');
    await server.kill();
    await sleep(25_000);
    await server.start();
    await until({ what: 'the server', ask: () => at.api.listIngress() });
    const viewer = await at.watch('away');
    await viewer.sees('camera: picture 90');
    await at.untilStatus(info, Status.ENDPOINT_PUBLISHING);
    expect(hasEnded).toBe(false);
  });
});

describe('SIGTERM', () => {
  it('ends the streams in good order, and leaves no process behind that answers no more', async () => {
    const viewer = await at.watch('drained');
    const [info, stuck] = [await at.create('drained'), await at.create('drained', 'stuck')];
    const earlier = childrenOf(at.worker().pid);
    const encoder = at.push(stuck.streamKey);
    await viewer.sees('stuck: picture 30');
    const hanging = childrenOf(at.worker().pid).filter((pid) => !earlier.includes(pid));
    expect(hanging).not.toEqual([]);
    at.push(info.streamKey);
    await viewer.sees('camera: picture 30');
    for (const pid of hanging) process.kill(pid, 'SIGSTOP');
    // Its stream is ending already when the signal comes.
    await encoder.kill();
    at.worker().kill('SIGTERM');
    expect((await at.worker()).exitCode).toBe(0);
    expect(hanging.filter(isThere)).toEqual([]);
    await viewer.sees('camera: left');
    expect((await at.state(info))?.status).toBe(Status.ENDPOINT_INACTIVE);
  });

  it('is not needed where the configuration is wrong: the worker exits by itself', async () => {
    const { exitCode, stderr } = await execa(
      process.execPath,
      [join(repository, 'packages/livekit-workers/ingress/main.ts')],
      { env: { INGRESS_CONFIG_BODY: '{api_key: key, whip_port: 8080}' }, reject: false },
    );
    expect(exitCode).toBe(2);
    expect(stderr).toContain('whip_port is not supported by the embedded ingress worker');
  });
});

const isThere = (pid: number): boolean => existsSync(`/proc/${pid}`);

const childrenOf = (pid = 0): number[] =>
  readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').map(Number);

const residentMegabytes = (pid = 0): number =>
  Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024;

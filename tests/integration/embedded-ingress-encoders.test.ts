import { join } from 'node:path';
import { IngressState_Status as Status } from '@livekit/protocol';
import { execa } from 'execa';
import { AccessToken } from 'livekit-server-sdk';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { type IngressStage, openIngressStage } from '../support/ingress-stage.ts';
import { needs } from '../support/needs.ts';
import { obsNeeds, startObs } from '../support/obs.ts';
import { devLivekit } from '../support/rooms.ts';
import { until } from '../support/until.ts';

// What people send with, to the embedded ingress worker and, for WHIP, to the server itself.

let at: IngressStage;
beforeAll(async () => {
  at = await openIngressStage();
});
afterAll(() => at?.close());

/** A program that sends until the test is over. */
function send(program: string, args: readonly string[]) {
  const child = execa(program, args, {
    env: at.stage.environment,
    stdin: 'ignore',
    reject: false,
    all: true,
    timeout: 120_000,
  });
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await child;
  });
  return child;
}

describe('an encoder', () => {
  it('with OBS’s settings and B-frames is seen and heard', async () => {
    const viewer = await at.watch('obs');
    const info = await at.create('obs');
    at.push(info.streamKey, { likeObs: true });
    await viewer.sees('camera: audio');
    await viewer.sees('camera: picture 90');
    expect(await at.state(info)).toMatchObject({ video: { width: 640, height: 360 }, error: '' });
  });

  it('with non-square pixels is seen in the right shape', async () => {
    const viewer = await at.watch('anamorphic');
    const info = await at.create('anamorphic');
    at.push(info.streamKey, { sampleAspect: '2' });
    await viewer.sees('camera: video 1280x360');
    expect(await at.state(info)).toMatchObject({ video: { width: 640, height: 360 } });
  });

  it('with keyframes ten seconds apart is seen from its beginning', async () => {
    const viewer = await at.watch('seldom');
    const info = await at.create('seldom');
    // The second whole picture would come after 10 s.
    at.push(info.streamKey, { seconds: 9 });
    await viewer.sees('camera: picture 90');
    await viewer.sees('camera: left');
  });

  it("may be GStreamer's rtmp2sink", needs('gst-launch-1.0'), async () => {
    const viewer = await at.watch('gstreamer');
    const info = await at.create('gstreamer');
    const video =
      'videotestsrc is-live=true ! video/x-raw,width=640,height=360,framerate=30/1 ! x264enc tune=zerolatency speed-preset=ultrafast key-int-max=60 ! h264parse ! mux.';
    const audio = 'audiotestsrc is-live=true freq=440 ! audioconvert ! avenc_aac ! aacparse ! mux.';
    const mux = `flvmux name=mux streamable=true ! rtmp2sink location=${at.address(info.streamKey)}`;
    send('gst-launch-1.0', ['-q', ...`${video} ${audio} ${mux}`.split(' ')]);
    await viewer.sees('camera: video 640x360');
    await viewer.sees('camera: audio');
    await viewer.sees('camera: picture 60');
  });

  it('may be OBS Studio, and leaves when OBS stops streaming', needs(...obsNeeds), async () => {
    const viewer = await at.watch('studio');
    const info = await at.create('studio');
    const obs = await startObs({ url: at.address(info.streamKey), environment: at.stage.environment });
    await viewer.sees('camera: video 640x360');
    await viewer.sees('camera: audio');
    await viewer.sees('camera: picture 60');
    expect(await at.state(info)).toMatchObject({
      status: Status.ENDPOINT_PUBLISHING,
      video: { width: 640, height: 360 },
      error: '',
    });
    await obs.stop();
    await viewer.sees('camera: left');
    await at.untilStatus(info, Status.ENDPOINT_INACTIVE);
  });

  it('may be OBS Studio with a wrong stream key, and OBS is told so', needs(...obsNeeds), async () => {
    const obs = await startObs({ url: at.address('wrong'), environment: at.stage.environment });
    // -3 is what OBS shows as "could not access the specified channel or stream key", and tries no more.
    await until({ what: 'that OBS gives up', ask: () => obs.log().includes('failed: -3') });
    expect(obs.log()).toContain('NetStream.Publish.BadName (unknown stream key)');
  });

  it('can stream beside another', async () => {
    const viewer = await at.watch('two');
    const both = [await at.create('two', 'left'), await at.create('two', 'right')];
    for (const { streamKey } of both) at.push(streamKey);
    for (const identity of ['left', 'right']) {
      await viewer.sees(`${identity}: audio`);
      await viewer.sees(`${identity}: picture 90`);
    }
    for (const info of both) expect((await at.state(info))?.status).toBe(Status.ENDPOINT_PUBLISHING);
  });

  it('gets a new key by replacing its ingress, and the old key is refused', async () => {
    const viewer = await at.watch('rotated');
    const old = await at.create('rotated');
    const before = at.push(old.streamKey);
    await viewer.sees('camera: picture 30');
    const fresh = await at.create('rotated');
    await at.api.deleteIngress(old.ingressId);
    expect((await before.ended).exitCode).not.toBe(0);
    await viewer.sees('camera: left');
    const seen = viewer.lines().length;
    at.push(fresh.streamKey);
    await at.untilStatus(fresh, Status.ENDPOINT_PUBLISHING);
    expect((await at.push(old.streamKey).ended).said).toContain('unknown stream key');
    expect(viewer.lines().slice(seen)).not.toContain('camera: left');
  });
});

describe("WHIP, which is the server's own", () => {
  const endpoint = 'http://127.0.0.1:7880/whip/v1';
  const { apiKey, apiSecret } = devLivekit;
  const tokenFor = async (grants: { room?: string; roomJoin?: boolean }): Promise<string> => {
    const token = new AccessToken(apiKey, apiSecret, { identity: 'phone', ttl: 60 });
    token.addGrant({ canPublish: true, ...grants });
    return token.toJwt();
  };

  it('publishes, is seen and heard, and leaves', async ({ skip }) => {
    const script = join(import.meta.dirname, '../support/whip-publisher.py');
    const { exitCode } = await execa('/usr/bin/python3', [script], { reject: false });
    if (exitCode !== 0)
      skip('needs webrtcbin in Python (Debian: python3-gi, gir1.2-gst-plugins-bad-1.0, gstreamer1.0-nice)');
    const viewer = await at.watch('whip');
    const client = execa('/usr/bin/python3', [script, endpoint], {
      env: at.stage.environment,
      input: await tokenFor({ room: 'whip', roomJoin: true }),
      reject: false,
      all: true,
      timeout: 60_000,
    });
    onTestFinished(async () => {
      client.kill('SIGKILL');
      await client;
    });
    await viewer.sees('phone: audio');
    await viewer.sees('phone: video 640x360');
    await viewer.sees('phone: picture 60');
    client.kill('SIGTERM');
    await viewer.sees('phone: left');
    expect((await client).exitCode).toBe(0);
  });

  it.each([
    ['no token', {}, 401],
    ['a token for no room', { authorization: 'token' }, 401],
  ])('refuses a client that has %s', async (_, headers, status) => {
    const authorization = 'authorization' in headers ? `Bearer ${await tokenFor({})}` : undefined;
    const answer = await fetch(endpoint, {
      method: 'POST',
      headers: { 'content-type': 'application/sdp', ...(authorization ? { authorization } : {}) },
      body: 'v=0\r\n',
    });
    expect(answer.status).toBe(status);
  });
});

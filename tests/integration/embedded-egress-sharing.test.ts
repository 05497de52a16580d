import { readdirSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import {
  AudioConfig,
  AutoParticipantEgress,
  AutoTrackEgress,
  type EgressInfo,
  FileOutput,
  MediaSource,
  Output,
  ParticipantVideo,
  RoomEgress,
  SegmentedFileOutput,
  StartEgressRequest,
  EgressStatus as Status,
  WebhookConfig,
} from '@livekit/protocol';
import {
  EncodedFileOutput,
  EncodingOptions,
  RoomCompositeEgressRequest,
  WebhookReceiver,
} from 'livekit-server-sdk';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { methods } from '../../packages/livekit-workers/rpc/methods.ts';
import { redisBus } from '../../packages/livekit-workers/rpc/redis-bus.ts';
import { rpcServer } from '../../packages/livekit-workers/rpc/server.ts';
import { type EgressStage, openEgressStage } from '../support/egress-stage.ts';
import { lookAt } from '../support/recorded.ts';
import { devLivekit, roomService } from '../support/rooms.ts';
import { until } from '../support/until.ts';

// The embedded egress worker beside others, what a server starts by itself, and whom it tells.

const { apiKey, apiSecret } = devLivekit;
let stage: EgressStage;
beforeAll(async () => {
  stage = await openEgressStage();
  await stage.startWorker({
    environment: { EGRESS_AFFINITY: '0.2' },
    configuration: { session_limits: { segment_output_max_duration: '3s' } },
  });
});
afterAll(() => stage?.close());

const file = (filepath: string) => new EncodedFileOutput({ filepath });
const untilComplete = async (info: Pick<EgressInfo, 'egressId'>, seconds = 3): Promise<EgressInfo> => {
  await stage.recordFor(info, seconds);
  await stage.egress.stopEgress(info.egressId);
  return stage.untilStatus(info, Status.EGRESS_COMPLETE);
};
const egressesOf = (room: string, count: number): Promise<EgressInfo[]> =>
  until({
    what: `${count} egresses of ${room}`,
    ask: async () => {
      const found = await stage.egress.listEgress({ roomName: room });
      return found.length >= count ? found : undefined;
    },
  });

describe('the request for any kind of recording', () => {
  it('records somebody’s picture with everybody’s sound', async () => {
    await stage.publisher('any');
    const video = { case: 'participantVideo', value: new ParticipantVideo({ identity: 'camera' }) } as const;
    const value = new MediaSource({ video, audio: new AudioConfig({ captureAll: true }) });
    const config = { case: 'file', value: new FileOutput({ filepath: 'any/a' }) } as const;
    const info = await stage.egress.startEgress(
      new StartEgressRequest({
        roomName: 'any',
        source: { case: 'media', value },
        outputs: [new Output({ config })],
      }),
    );
    const done = await untilComplete(info);
    expect(done.fileResults[0]?.filename).toBe('any/a.mp4');
    const recorded = await lookAt(await stage.fetched('any/a.mp4'));
    expect(recorded.width).toBe(1280);
    expect(recorded.beeps.length).toBeGreaterThanOrEqual(2);
  });
});

describe('a room that is recorded from its beginning', () => {
  it('is recorded from its first publisher on', async () => {
    const request = new RoomCompositeEgressRequest({ fileOutputs: [file('auto-room/a')] });
    await roomService().createRoom({ name: 'auto-room', egress: new RoomEgress({ room: request }) });
    const [info] = await egressesOf('auto-room', 1);
    if (!info) throw new Error('no egress');
    // One that was asked for later, of a room in which somebody publishes, has begun.
    await stage.publisher('auto-other');
    const encodingOptions = new EncodingOptions({ width: 320, height: 180, framerate: 15 });
    const other = await stage.egress.startRoomCompositeEgress('auto-other', file('auto-other/a'), {
      encodingOptions,
    });
    await untilComplete(other, 1);
    expect((await stage.stateOf(info)).status).toBe(Status.EGRESS_STARTING);
    await stage.publisher('auto-room');
    await untilComplete(info);
    const recorded = await lookAt(await stage.fetched('auto-room/a.mp4'));
    expect(recorded.seconds).toBeGreaterThan(2.5);
    expect(recorded.beeps[0]).toBeLessThan(1.5);
  });

  it('records each of its participants and tracks', async () => {
    const egress = new RoomEgress({
      participant: new AutoParticipantEgress({ fileOutputs: [file('auto/{publisher_identity}')] }),
      tracks: new AutoTrackEgress({ filepath: 'auto/track' }),
    });
    await roomService().createRoom({ name: 'auto', egress });
    const { audio, video } = await stage.publisher('auto');
    const found = await egressesOf('auto', 3);
    for (const info of found) await stage.untilStatus(info, Status.EGRESS_ACTIVE);
    await Promise.all(found.map((info) => untilComplete(info)));
    expect(await stage.objects('auto/')).toEqual(
      ['auto/camera.mp4', `auto/track-${audio}.ogg`, `auto/track-${video}.webm`].sort(),
    );
  });
});

describe('an egress with a limit of its duration', () => {
  it('ends in order at the limit', async () => {
    await stage.publisher('limited');
    const segments = new SegmentedFileOutput({ filenamePrefix: 'limited/a', segmentDuration: 2 });
    const info = await stage.egress.startParticipantEgress('limited', 'camera', { segments });
    const done = await stage.untilStatus(info, Status.EGRESS_LIMIT_REACHED);
    expect(done).toMatchObject({
      error: 'Session limit reached',
      errorCode: 413,
      details: 'End reason: Session limit reached',
    });
    expect((await stage.object('limited/a.m3u8')).toString()).toContain('ENDLIST');
  });
});

describe('a webhook', () => {
  it('is called when a recording begins, changes and ends', async () => {
    const heard: { event: string; status: Status | undefined; location: string | undefined }[] = [];
    const receiver = new WebhookReceiver(apiKey, apiSecret);
    const listener = createServer(async (request, response) => {
      const parts: Buffer[] = [];
      for await (const part of request) parts.push(part as Buffer);
      const text = Buffer.concat(parts).toString();
      // Throws where the signature is not right.
      const { event, egressInfo } = await receiver.receive(text, request.headers.authorization);
      heard.push({
        event,
        status: egressInfo?.status,
        location: egressInfo?.fileResults[0]?.location,
      });
      response.end();
    });
    await new Promise<void>((resolve) => listener.listen(0, '0.0.0.0', resolve));
    onTestFinished(() => void listener.close());
    const { port } = listener.address() as AddressInfo;
    const { NetworkSettings } = await stage.stage.engine.docker.getContainer('arc-realtime').inspect();
    const [network] = Object.values(NetworkSettings.Networks);
    const webhooks = [new WebhookConfig({ url: `http://${network?.Gateway}:${port}/`, signingKey: apiKey })];

    await stage.publisher('told');
    const info = await stage.egress.startParticipantEgress(
      'told',
      'camera',
      { file: file('told/a') },
      { webhooks },
    );
    await untilComplete(info);
    await until({ what: 'the end', ask: () => heard.some(({ event }) => event === 'egress_ended') });
    expect(heard.map(({ event, status }) => [event, status])).toEqual([
      ['egress_started', Status.EGRESS_STARTING],
      ['egress_updated', Status.EGRESS_ACTIVE],
      ['egress_updated', Status.EGRESS_ENDING],
      ['egress_ended', Status.EGRESS_COMPLETE],
    ]);
    expect(heard.at(-1)?.location).toBe('https://127.0.0.1:9000/recordings/told/a.mp4');
  });
});

describe('several workers', () => {
  it('leave a request to the one with the higher affinity, such as upstream’s', async () => {
    await stage.publisher('better');
    const bus = await redisBus({
      redis: { address: '127.0.0.1:6379', password: 'arc-dev-redis-password', db: 0 },
      report: () => {},
    });
    const better = rpcServer({ bus, report: () => {} });
    onTestFinished(async () => {
      await better.close();
      await bus.close();
    });
    const asked: string[] = [];
    // What upstream's answers when it is idle.
    const stop = await better.register({
      method: methods.startEgress,
      affinity: () => 0.5,
      handle: async ({ request }) => {
        asked.push(request.egressId);
        throw new Error('this one only wants to be asked');
      },
    });
    const start = () => stage.egress.startRoomCompositeEgress('better', file('better/a'));
    await expect(start()).rejects.toThrow('only wants to be asked');
    expect(asked).toHaveLength(1);
    await stop();
    const info = await start();
    await untilComplete(info, 1);
    expect(asked).toHaveLength(1);
  });

  it('share the requests', async () => {
    await stage.publisher('shared');
    const scratch = join(stage.folder, 'scratch-2');
    await stage.startWorker({
      healthPort: 7890,
      scratch,
      environment: { EGRESS_AFFINITY: '0.2' },
    });
    const small = { audioOnly: true };
    const infos: EgressInfo[] = [];
    for (const name of ['a', 'b']) {
      const info = await stage.egress.startRoomCompositeEgress('shared', file(`shared/${name}`), small);
      await stage.untilStatus(info, Status.EGRESS_ACTIVE);
      infos.push(info);
    }
    expect([readdirSync(stage.scratch).length, readdirSync(scratch).length]).toEqual([1, 1]);
    await Promise.all(infos.map((info) => untilComplete(info, 1)));
  });
});

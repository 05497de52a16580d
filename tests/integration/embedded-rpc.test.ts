import {
  EgressInfo,
  EgressStatus,
  IngressInput,
  IngressState,
  IngressState_Status as IngressStatus,
} from '@livekit/protocol';
import { DirectFileOutput, EgressClient, EncodedFileOutput, IngressClient } from 'livekit-server-sdk';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { RpcError } from '../../packages/livekit-workers/rpc/error.ts';
import { type IoInfo, ioInfoClient } from '../../packages/livekit-workers/rpc/io-info.ts';
import { methods } from '../../packages/livekit-workers/rpc/methods.ts';
import { type RedisBus, redisBus } from '../../packages/livekit-workers/rpc/redis-bus.ts';
import { type RpcServer, rpcServer } from '../../packages/livekit-workers/rpc/server.ts';
import { devLivekit, roomService } from '../support/rooms.ts';
import { openStage, type Stage } from '../support/stage.ts';
import { until } from '../support/until.ts';

// The contract with livekit-server, which promises nobody that this protocol stays as it is. A worker made of the rpc
// folder alone stands on one side, LiveKit's own SDK for servers on the other, the real server and Redis between them.

const redis = { address: '127.0.0.1:6379', password: 'arc-dev-redis-password' };
const server = ['http://127.0.0.1:7880', devLivekit.apiKey, devLivekit.apiSecret] as const;
const egress = new EgressClient(...server);
const ingress = new IngressClient(...server);
const file = new EncodedFileOutput({ filepath: 'recording.mp4' });
const { signal } = new AbortController();

let stage: Stage;
let bus: RedisBus;
let io: IoInfo;
const losses: unknown[] = [];
beforeAll(async () => {
  stage = await openStage({ settings: { media: 'mux' } });
  const without = ['--without', 'realtime-ingress', '--without', 'realtime-egress'];
  await stage.succeed(['up', 'cache', 'realtime', ...without, '--yes']);
  // An egress is of a room that there is.
  await roomService().createRoom({ name: 'studio' });
  bus = await redisBus({ redis, report: (cause) => losses.push(cause) });
  io = await ioInfoClient({ bus });
});
afterAll(async () => {
  await io?.close();
  await bus?.close();
  await stage?.close();
});

/** A worker for the time of one test. */
function worker(): RpcServer {
  const failures: unknown[] = [];
  const serving = rpcServer({ bus, report: (cause) => failures.push(cause) });
  onTestFinished(async () => {
    await serving.close();
    expect(failures).toEqual([]);
  });
  return serving;
}

describe('a worker of egress', () => {
  it('starts, reports and stops what the API asks for', async () => {
    const serving = worker();
    await serving.register({
      method: methods.startEgress,
      handle: async ({ request, signal }) => {
        const { egressId, roomId, request: job } = request;
        expect(roomId).toMatch(/^RM_/);
        if (job.case !== 'roomComposite') throw new Error(`asked for ${job.case}`);
        const { roomName } = job.value;
        const info = new EgressInfo({ egressId, roomName, status: EgressStatus.EGRESS_STARTING });
        await io.createEgress(info, signal);
        await serving.register({
          method: methods.stopEgress,
          topic: egressId,
          handle: async ({ signal }) => {
            const ending = new EgressInfo({ ...info, status: EgressStatus.EGRESS_ENDING });
            await io.updateEgress(ending, signal);
            return ending;
          },
        });
        return info;
      },
    });

    const { egressId } = await egress.startRoomCompositeEgress('studio', file);
    const status = async () => (await egress.listEgress({ egressId }))[0]?.status;
    expect(await status()).toBe(EgressStatus.EGRESS_STARTING);
    const active = new EgressInfo({ egressId, roomName: 'studio', status: EgressStatus.EGRESS_ACTIVE });
    await io.updateEgress(active, signal);
    expect(await status()).toBe(EgressStatus.EGRESS_ACTIVE);
    expect((await io.listEgress(true, signal)).map((info) => info.egressId)).toEqual([egressId]);
    expect(await egress.stopEgress(egressId)).toMatchObject({ egressId, status: EgressStatus.EGRESS_ENDING });
    await io.updateEgress(new EgressInfo({ ...active, status: EgressStatus.EGRESS_COMPLETE }), signal);
    expect(await io.listEgress(true, signal)).toEqual([]);
  });

  it.each([
    ['invalid_argument', 400],
    ['permission_denied', 403],
    ['unimplemented', 501],
  ] as const)('refuses with %s, and the user of the API reads the worker’s words', async (code, status) => {
    await worker().register({
      method: methods.startEgress,
      handle: async () => {
        throw new RpcError(code, `web egress needs the upstream flavour (${code})`);
      },
    });
    await expect(egress.startWebEgress('https://example.org', file)).rejects.toMatchObject({
      status,
      code,
      message: expect.stringContaining(`web egress needs the upstream flavour (${code})`),
    });
  });

  it('is passed over for one that suits better, and not asked where it does not suit', async () => {
    for (const [name, affinity] of [
      ['tired', 0.25],
      ['rested', 0.75],
      ['full', -1],
    ] as const) {
      await worker().register({
        method: methods.startEgress,
        affinity: () => affinity,
        handle: async ({ request: { egressId } }) => new EgressInfo({ egressId, details: name }),
      });
    }
    expect(
      (await egress.startTrackEgress('studio', new DirectFileOutput({ filepath: 'track.mp4' }), 'TR_1'))
        .details,
    ).toBe('rested');
  });
});

describe('a worker of ingress', () => {
  const create = () =>
    ingress.createIngress(IngressInput.RTMP_INPUT, {
      name: 'camera',
      roomName: 'studio',
      participantIdentity: 'camera',
      participantName: 'Camera',
    });
  const state = async (ingressId: string) => (await ingress.listIngress({ ingressId }))[0]?.state?.status;

  it('finds an ingress by its key or its id, and none by another key', async () => {
    const { ingressId, streamKey = '' } = await create();
    expect(await io.ingress({ streamKey }, signal)).toMatchObject({ ingressId, roomName: 'studio' });
    expect(await io.ingress({ ingressId }, signal)).toMatchObject({ streamKey });
    expect(await io.ingress({ streamKey: `${streamKey}x` }, signal)).toBeUndefined();
    await ingress.deleteIngress(ingressId);
    expect(await io.ingress({ streamKey }, signal)).toBeUndefined();
  });

  it('is told of the update and of the end of an ingress that is live', async () => {
    const { ingressId } = await create();
    const live = new IngressState({ status: IngressStatus.ENDPOINT_PUBLISHING, roomId: 'RM_1' });
    await io.updateIngressState(ingressId, live, signal);
    expect(await state(ingressId)).toBe(IngressStatus.ENDPOINT_PUBLISHING);

    const told: string[] = [];
    const serving = worker();
    await serving.register({
      method: methods.updateIngress,
      topic: ingressId,
      handle: async ({ request }) => {
        told.push(`update: ${request.name}`);
        return live;
      },
    });
    await serving.register({
      method: methods.deleteIngress,
      topic: ingressId,
      handle: async ({ request }) => {
        told.push(`delete: ${request.ingressId}`);
        return live;
      },
    });
    const { name } = await ingress.updateIngress(ingressId, { name: 'second camera' });
    expect(name).toBe('second camera');
    await ingress.deleteIngress(ingressId);
    expect(told).toEqual(['update: second camera', `delete: ${ingressId}`]);
    expect(await ingress.listIngress({ ingressId }).catch(({ code }) => code)).toEqual('not_found');
  });

  it('refuses to pull a URL in its own words', async () => {
    await worker().register({
      method: methods.startIngress,
      handle: async ({ request }) => {
        throw new RpcError('invalid_argument', `cannot pull ${request.info?.url}`);
      },
    });
    const pull = ingress.createIngress(IngressInput.URL_INPUT, {
      url: 'https://example.org/live.m3u8',
      name: 'pull',
      roomName: 'studio',
      participantIdentity: 'pull',
      participantName: 'Pull',
    });
    await expect(pull).rejects.toMatchObject({
      status: 400,
      code: 'invalid_argument',
      message: expect.stringContaining('cannot pull https://example.org/live.m3u8'),
    });
  });
});

describe('Redis that has been away', () => {
  it('is noticed at once, and served again when it is back', async () => {
    await worker().register({
      method: methods.startEgress,
      handle: async ({ request: { egressId } }) => new EgressInfo({ egressId, details: 'served' }),
    });
    await stage.engine.docker.getContainer('arc-cache').stop();
    await until({ what: 'the loss', ask: () => !bus.isReady() });
    await expect(io.listEgress(true, signal)).rejects.toMatchObject({ code: 'unavailable' });
    await stage.succeed(['up', 'cache', '--yes']);
    await until({ what: 'the connection', ask: () => bus.isReady() });
    // Of each of the two connections, however often it was tried again.
    expect(losses).toHaveLength(2);
    await until({
      what: 'an egress',
      ask: async () => (await egress.startWebEgress('https://example.org', file)).details === 'served',
    });
  });
});

import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import {
  type EgressInfo,
  EncodedFileType,
  S3Upload,
  SegmentedFileOutput,
  EgressStatus as Status,
} from '@livekit/protocol';
import { EncodedFileOutput } from 'livekit-server-sdk';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import {
  type EgressStage,
  egressStorage,
  openEgressStage,
  type WorkerProcess,
} from '../support/egress-stage.ts';
import { expectLength } from '../support/expect-length.ts';
import { startFaultProxy } from '../support/fault-proxy.ts';
import { lookAt } from '../support/recorded.ts';
import { until } from '../support/until.ts';

// What goes wrong around the embedded egress worker for longer: nothing that was recorded is lost, and nothing hangs.

let stage: EgressStage;
let worker: WorkerProcess;
beforeAll(async () => {
  stage = await openEgressStage();
  worker = await stage.startWorker();
});
afterAll(() => stage?.close());

const record = async (room: string, seconds: number): Promise<EgressInfo> => {
  await stage.publisher(room);
  const file = new EncodedFileOutput({ filepath: `${room}/a` });
  const info = await stage.egress.startParticipantEgress(room, 'camera', { file });
  await stage.recordFor(info, seconds);
  return info;
};
const container = (name: string) => stage.stage.engine.docker.getContainer(name);
/** Takes the place of a server, and breaks every connection. */
async function breakConnections(
  port: number,
): Promise<{ connections: () => number; close: () => Promise<void> }> {
  let connections = 0;
  const server = createServer((socket) => {
    connections += 1;
    socket.destroy();
  });
  const listening = once(server, 'listening');
  server.listen(port, '127.0.0.1');
  await listening;
  const close = async () => {
    const closed = once(server, 'close');
    server.close();
    await closed;
  };
  return { connections: () => connections, close };
}
const isOver = ({ status }: EgressInfo): boolean => status > Status.EGRESS_ENDING;
const untilOver = (info: EgressInfo): Promise<EgressInfo> =>
  until({
    what: 'the end',
    ask: async () => {
      const now = await stage.stateOf(info);
      return isOver(now) ? now : undefined;
    },
    limitMilliseconds: 120_000,
  });

describe('room for recordings', () => {
  it('that is used up ends the recording in order and uploads it', async () => {
    worker.child.kill('SIGTERM');
    await worker.child;
    worker = await stage.startWorker({ environment: { EGRESS_SCRATCH_LIMIT: '300k' } });
    const info = await record('used-up', 1);
    const done = await untilOver(info);
    expect(done).toMatchObject({
      status: Status.EGRESS_LIMIT_REACHED,
      details: 'End reason: Session limit reached',
    });
    const recorded = await lookAt(await stage.fetched('used-up/a.mp4'));
    expectLength(recorded, done);
    worker.child.kill('SIGTERM');
    await worker.child;
    worker = await stage.startWorker();
  });
});

describe('storage', () => {
  it('that is away for several attempts delays the end', async () => {
    const info = await record('away', 3);
    await container('arc-storage').stop();
    await stage.egress.stopEgress(info.egressId);
    await stage.untilStatus(info, Status.EGRESS_ENDING);
    // Each attempt at the upload is three requests, of which some may have found the port closed.
    const away = await breakConnections(Number(new URL(egressStorage.endpoint).port));
    await until({ what: 'three more attempts', ask: () => away.connections() >= 9 });
    expect((await stage.stateOf(info)).status).toBe(Status.EGRESS_ENDING);
    await away.close();
    await stage.stage.succeed(['up', 'storage', '--yes']);
    const done = await untilOver(info);
    expect(done.status).toBe(Status.EGRESS_COMPLETE);
    const recorded = await lookAt(await stage.fetched('away/a.mp4'));
    expectLength(recorded, done);
    expect(readdirSync(stage.scratch)).toEqual([]);
  });

  it('that is still away when the worker ends gets the recording at the worker’s next start', async () => {
    const info = await record('later', 3);
    await container('arc-storage').stop();
    await stage.egress.stopEgress(info.egressId);
    await stage.untilStatus(info, Status.EGRESS_ENDING);
    worker.child.kill('SIGTERM');
    expect((await worker.child).exitCode).toBe(0);
    const failed = await stage.stateOf(info);
    expect(failed).toMatchObject({
      status: Status.EGRESS_FAILED,
      errorCode: 503,
      error: expect.stringContaining('the file is kept in'),
    });
    expect(readdirSync(stage.scratch)).toEqual([info.egressId]);
    await stage.stage.succeed(['up', 'storage', '--yes']);
    worker = await stage.startWorker();
    await until({ what: 'the file', ask: async () => (await stage.stateOf(info)).fileResults[0]?.location });
    expect((await lookAt(await stage.fetched('later/a.mp4'))).seconds).toBeGreaterThan(2.5);
    await until({ what: 'the folder to be empty', ask: () => readdirSync(stage.scratch).length === 0 });
  });
});

describe('storage that refuses', () => {
  const { access_key: accessKey, secret, ...place } = egressStorage;
  const { region, endpoint, force_path_style: forcePathStyle } = place;
  const s3 = (fields: ConstructorParameters<typeof S3Upload>[0]) => {
    const usual = { accessKey, secret, region, endpoint, forcePathStyle, bucket: place.bucket };
    return { case: 's3', value: new S3Upload({ ...usual, ...fields }) } as const;
  };

  it('ends the recording after one attempt, keeps the file, and gets it at the worker’s next start', async () => {
    await stage.publisher('refused');
    const proxy = await startFaultProxy({ upstream: new URL(egressStorage.endpoint).host });
    onTestFinished(proxy.close);
    const output = s3({ bucket: 'not-yet-there', endpoint: `http://${proxy.address}` });
    const file = new EncodedFileOutput({ filepath: 'refused/a', fileType: EncodedFileType.OGG, output });
    const info = await stage.egress.startRoomCompositeEgress('refused', file, { audioOnly: true });
    await stage.recordFor(info, 2);
    await stage.egress.stopEgress(info.egressId);
    const failed = await untilOver(info);
    expect(failed).toMatchObject({
      status: Status.EGRESS_FAILED,
      errorCode: 400,
      details: 'End reason: StopEgress API',
    });
    expect(failed.error).toMatch(
      /^S3 upload failed: StatusCode: 404, api error NoSuchBucket: .+; the file is kept in /,
    );
    expect(proxy.count(/^PUT /)).toBe(1);
    expect(readdirSync(stage.scratch)).toEqual([info.egressId]);
    await stage.makeBucket('not-yet-there');
    worker.child.kill('SIGTERM');
    await worker.child;
    worker = await stage.startWorker();
    await until({ what: 'the file', ask: async () => (await stage.stateOf(info)).fileResults[0]?.location });
    expect((await stage.object('refused/a.ogg', 'not-yet-there')).length).toBeGreaterThan(1_000);
    await until({ what: 'the folder to be empty', ask: () => readdirSync(stage.scratch).length === 0 });
  });

  it('ends a recording in segments when the first upload is refused', async () => {
    await stage.publisher('wrong-key');
    const segments = new SegmentedFileOutput({
      filenamePrefix: 'wrong-key/a',
      segmentDuration: 2,
      output: s3({ secret: 'not the secret' }),
    });
    const info = await stage.egress.startRoomCompositeEgress('wrong-key', { segments }, { audioOnly: true });
    const failed = await untilOver(info);
    expect(failed).toMatchObject({ errorCode: 400, details: 'End reason: Failure' });
    expect(failed.error).toMatch(
      /^S3 upload failed: StatusCode: 403, api error SignatureDoesNotMatch: .+; what is left is kept in /,
    );
    const kept = join(stage.scratch, info.egressId);
    expect(readdirSync(join(kept, 'segments')).length).toBeGreaterThan(0);
    await rm(kept, { recursive: true });
  });
});

describe('the disk', () => {
  it('that is full ends the recording and uploads what there is of it', async () => {
    worker.child.kill('SIGTERM');
    await worker.child;
    // A file system of its own, which is gone with the worker.
    const small = await stage.startWorker({ scratchSize: '160k' });
    onTestFinished(async () => {
      small.child.kill();
      await small.child;
      worker = await stage.startWorker();
    });
    await stage.publisher('full');
    const info = await stage.egress.startParticipantEgress('full', 'camera', {
      file: new EncodedFileOutput({ filepath: 'full/a' }),
    });
    const failed = await untilOver(info);
    expect(failed).toMatchObject({ status: Status.EGRESS_FAILED, errorCode: 429 });
    expect(failed.error).toContain('No space left');
    expect((await lookAt(await stage.fetched('full/a.mp4'))).seconds).toBeGreaterThan(1);
    expect(await stage.health()).toBe(200);
    expect(readFileSync('/proc/mounts', 'utf8')).not.toContain(stage.scratch);
  });
});

// Last: LiveKit gives rooms to a server that was killed for some seconds more.
describe('the server', () => {
  it.each([
    ['is started again', async () => container('arc-realtime').restart()],
    [
      'is killed, and started again',
      async () => {
        await container('arc-realtime').kill();
        await container('arc-realtime').start();
      },
    ],
  ])('that %s ends the recording, which is kept and reported', async (how, restart) => {
    const room = how.replaceAll(/\W+/g, '-');
    const info = await record(room, 4);
    await restart();
    // In order where the room is seen to be empty first, and otherwise because it was lost.
    const done = await untilOver(info);
    expect(done.status === Status.EGRESS_COMPLETE ? done.details : done.error).toMatch(
      /^End reason: Source closed$|^recording ended early: connection to room failed$/,
    );
    const recorded = await lookAt(await stage.fetched(`${room}/a.mp4`));
    expect(recorded.seconds).toBeGreaterThan(3);
    expectLength(recorded, done);
    expect(await stage.health()).toBe(200);
    expect(readdirSync(stage.scratch)).toEqual([]);
  });
});

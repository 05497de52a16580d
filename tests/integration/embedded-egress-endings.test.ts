import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type EgressInfo, EgressStatus as Status } from '@livekit/protocol';
import { execa } from 'execa';
import { type EgressClient, EncodedFileOutput, EncodingOptions } from 'livekit-server-sdk';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type EgressStage, openEgressStage, type WorkerProcess } from '../support/egress-stage.ts';
import { expectLength } from '../support/expect-length.ts';
import { lookAt, type Recorded } from '../support/recorded.ts';
import { roomService } from '../support/rooms.ts';
import { repository } from '../support/run-arc.ts';
import { until } from '../support/until.ts';

// How recordings of the embedded egress worker end before their time, and what becomes of them. What is in a recording is
// in embedded-egress.test.ts.

let stage: EgressStage;
let worker: WorkerProcess;
let egress: EgressClient;
beforeAll(async () => {
  stage = await openEgressStage();
  worker = await stage.startWorker();
  egress = stage.egress;
});
afterAll(() => stage?.close());

const publisher: EgressStage['publisher'] = (...who) => stage.publisher(...who);
const recordFor: EgressStage['recordFor'] = (...what) => stage.recordFor(...what);
const stateOf: EgressStage['stateOf'] = (info) => stage.stateOf(info);
const untilStatus: EgressStage['untilStatus'] = (...what) => stage.untilStatus(...what);
async function objectOf(info: EgressInfo): Promise<Recorded> {
  const [{ filename = '', size } = {}] = info.fileResults;
  expect(BigInt((await stage.object(filename)).length)).toBe(size);
  return lookAt(await stage.fetched(filename));
}

const file = (filepath: string) => new EncodedFileOutput({ filepath });

describe('a recording', () => {
  it('that is stopped before it has recorded anything is aborted', async () => {
    await roomService().createRoom({ name: 'empty' });
    const info = await egress.startParticipantEgress('empty', 'nobody', { file: file('empty/a') });
    await egress.stopEgress(info.egressId);
    const done = await untilStatus(info, Status.EGRESS_ABORTED);
    expect(done).toMatchObject({
      ...{ errorCode: 412, error: 'Stop called before pipeline could start' },
      startedAt: info.startedAt,
      fileResults: [{ filename: 'empty/a.mp4', startedAt: 0n }],
    });
    await expect(egress.stopEgress(info.egressId)).rejects.toMatchObject({
      message: expect.stringContaining('egress with status EGRESS_ABORTED cannot be stopped'),
    });
  });

  it('of a room without publishers stays in STARTING, and is aborted when it is stopped or the room is deleted', async () => {
    const small = new EncodingOptions({ width: 320, height: 180, framerate: 15 });
    const start = async (name: string) => {
      await roomService().createRoom({ name });
      return egress.startRoomCompositeEgress(name, file(`${name}/a`), { encodingOptions: small });
    };
    const [stopped, closed] = [await start('nobody'), await start('gone')];
    // One that was asked for later, of a room in which somebody publishes, has begun.
    await publisher('somebody');
    await untilStatus(await start('somebody'), Status.EGRESS_ACTIVE);
    expect((await stateOf(stopped)).status).toBe(Status.EGRESS_STARTING);
    await egress.stopEgress(stopped.egressId);
    await roomService().deleteRoom('gone');
    const nothing = { errorCode: 412, error: 'Start signal not received' };
    expect(await untilStatus(stopped, Status.EGRESS_ABORTED)).toMatchObject({
      ...{ ...nothing, details: 'End reason: StopEgress API' },
      fileResults: [{ filename: 'nobody/a.mp4', location: '' }],
    });
    expect(await untilStatus(closed, Status.EGRESS_ABORTED)).toMatchObject({
      ...{ ...nothing, details: 'End reason: Source closed' },
    });
  });

  it('fails with 404 when the participant or track is missing', async () => {
    const { video } = await publisher('lonely');
    const encodingOptions = new EncodingOptions({ width: 320, height: 180, framerate: 15 });
    const participant = await egress.startParticipantEgress(
      'lonely',
      'nobody',
      { file: file('lonely/a') },
      { encodingOptions },
    );
    const tracks = await egress.startTrackCompositeEgress('lonely', file('lonely/b'), {
      ...{ audioTrackId: 'TR_nothing', videoTrackId: video, encodingOptions },
    });
    expect(await untilStatus(participant, Status.EGRESS_FAILED)).toMatchObject({
      errorCode: 404,
      error: 'participant nobody not found',
      details: 'End reason: Failure',
    });
    expect(await untilStatus(tracks, Status.EGRESS_FAILED)).toMatchObject({
      errorCode: 404,
      error: 'track TR_nothing not found',
      details: 'End reason: Failure',
    });
  });
});

describe('what only upstream’s worker can do', () => {
  it.each([
    ['web egress', () => egress.startWebEgress('https://example.org', file('a'))],
    [
      'a custom template',
      () => egress.startRoomCompositeEgress('room', file('a'), { customBaseUrl: 'https://example.org' }),
    ],
  ])('%s is refused with an error that names it', async (what, start) => {
    await roomService().createRoom({ name: 'room' });
    await expect(start()).rejects.toMatchObject({
      status: 501,
      code: 'unimplemented',
      message: expect.stringContaining(`${what} needs the upstream flavour`),
    });
  });
});

describe('what goes wrong', () => {
  it('a killed recorder process ends that recording alone, with an error, and keeps what it recorded', async () => {
    await publisher('crash');
    // That of the recording before may still be ending.
    const earlier = childrenOf(worker.child.pid);
    const info = await egress.startParticipantEgress('crash', 'camera', { file: file('crash/a') });
    await recordFor(info, 3);
    const victim = childrenOf(worker.child.pid).find((pid) => !earlier.includes(pid));
    process.kill(victim ?? 0, 'SIGKILL');
    const failed = await untilStatus(info, Status.EGRESS_FAILED);
    expect(failed.error).toBe("The recording's process ended unexpectedly (SIGKILL).");
    expect((await objectOf(failed)).seconds).toBeGreaterThan(1.5);
    expect(await stage.health()).toBe(200);
  });

  it('a killed worker reports its recordings as failed at its next start, and uploads what it recorded', async () => {
    await publisher('killed');
    const info = await egress.startParticipantEgress('killed', 'camera', { file: file('killed/a') });
    await recordFor(info, 3);
    worker.child.kill('SIGKILL');
    await worker.child;
    expect((await stateOf(info)).status).toBe(Status.EGRESS_ACTIVE);
    worker = await stage.startWorker();
    const failed = await untilStatus(info, Status.EGRESS_FAILED);
    expect(failed.error).toBe('The worker was killed while it was recording.');
    await until({ what: 'the file', ask: async () => (await stateOf(info)).fileResults[0]?.location });
    expect((await objectOf(await stateOf(info))).seconds).toBeGreaterThan(1.5);
    expect(readdirSync(stage.scratch)).toEqual([]);
  });

  it('a storage outage delays the end and loses nothing', async () => {
    await publisher('storage');
    const info = await egress.startParticipantEgress('storage', 'camera', { file: file('storage/a') });
    await recordFor(info, 3);
    await stage.stage.engine.docker.getContainer('arc-storage').stop();
    await egress.stopEgress(info.egressId);
    await untilStatus(info, Status.EGRESS_ENDING);
    await stage.stage.succeed(['up', 'storage', '--yes']);
    const done = await untilStatus(info, Status.EGRESS_COMPLETE);
    expectLength(await objectOf(done), done);
  });

  it('a Redis outage does not end a recording', async () => {
    await publisher('redis');
    const info = await egress.startParticipantEgress('redis', 'camera', { file: file('redis/a') });
    await recordFor(info, 2);
    await stage.stage.engine.docker.getContainer('arc-cache').stop();
    await until({ what: 'the loss', ask: async () => (await stage.health()) === 503 });
    await stage.stage.succeed(['up', 'cache', '--yes']);
    await until({ what: 'the recovery', ask: async () => (await stage.health()) === 200 });
    await until({ what: 'the stop', ask: () => egress.stopEgress(info.egressId) });
    const done = await untilStatus(info, Status.EGRESS_COMPLETE);
    const recorded = await objectOf(done);
    expectLength(recorded, done);
    // A machine that starts containers may lose some pictures, but no second of them.
    const steps = recorded.numbers.slice(1).map((number, index) => number - (recorded.numbers[index] ?? 0));
    expect(Math.max(...steps)).toBeLessThan(30);
  });
});

describe('SIGTERM', () => {
  it('ends a recording in order and uploads it', async () => {
    await publisher('drained');
    const info = await egress.startParticipantEgress('drained', 'camera', { file: file('drained/a') });
    await recordFor(info, 3);
    worker.child.kill('SIGTERM');
    expect((await worker.child).exitCode).toBe(0);
    const done = await stateOf(info);
    expect(done).toMatchObject({ status: Status.EGRESS_COMPLETE, details: 'End reason: Process killed' });
    expectLength(await objectOf(done), done);
  });

  it('is not needed where the configuration is wrong: the worker exits by itself', async () => {
    const { exitCode, stderr } = await execa(
      process.execPath,
      [join(repository, 'packages/livekit-workers/egress/main.ts')],
      { env: { EGRESS_CONFIG_BODY: '{api_key: key, cpu_cost: {}}' }, reject: false },
    );
    expect(exitCode).toBe(2);
    expect(stderr).toContain('cpu_cost is not supported by the embedded egress worker');
  });
});

const childrenOf = (pid = 0): number[] =>
  readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').map(Number);

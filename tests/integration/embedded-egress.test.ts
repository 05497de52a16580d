import { readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { type EgressInfo, EgressStatus as Status } from '@livekit/protocol';
import { execa } from 'execa';
import {
  AccessToken,
  DirectFileOutput,
  EgressClient,
  EncodedFileOutput,
  EncodedFileType,
} from 'livekit-server-sdk';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { lookAt, type Recorded } from '../support/recorded.ts';
import { devLivekit, roomService } from '../support/rooms.ts';
import { repository, untilLine } from '../support/run-arc.ts';
import { openStage, type Stage } from '../support/stage.ts';
import { until } from '../support/until.ts';

// The embedded egress worker with the real server, Redis and storage, and a participant who publishes a picture that counts and a
// tone that beeps. The API is LiveKit's own, through its SDK; what was recorded is looked at by ffmpeg.

const { apiKey, apiSecret } = devLivekit;
const egress = new EgressClient('http://127.0.0.1:7880', apiKey, apiSecret);
const storage = {
  access_key: 'arc-dev-minio',
  secret: 'arc-dev-minio-password',
  region: 'us-east-1',
  endpoint: 'http://127.0.0.1:9000',
  bucket: 'recordings',
  force_path_style: true,
};
const healthPort = 7889;
const configuration = JSON.stringify({
  api_key: apiKey,
  api_secret: apiSecret,
  ws_url: 'ws://127.0.0.1:7880',
  redis: { address: '127.0.0.1:6379', password: 'arc-dev-redis-password' },
  health_port: healthPort,
  storage: { s3: storage },
});
const bucket = new S3Client({
  region: storage.region,
  endpoint: storage.endpoint,
  forcePathStyle: true,
  credentials: { accessKeyId: storage.access_key, secretAccessKey: storage.secret },
});

let stage: Stage;
let folder: string;
let worker: ReturnType<typeof startWorker>;

function startWorker() {
  const child = execa(process.execPath, [join(repository, 'services/realtime/embedded/egress/main.ts')], {
    env: {
      ...stage.environment,
      EGRESS_CONFIG_BODY: configuration,
      EGRESS_SCRATCH: join(folder, 'scratch'),
    },
    reject: false,
    all: true,
  });
  return { child };
}

const health = async (): Promise<number> => (await fetch(`http://127.0.0.1:${healthPort}/`)).status;
async function workerIsReady(): Promise<void> {
  worker = startWorker();
  await until({ what: 'the worker', ask: async () => (await health()) === 200 });
}

beforeAll(async () => {
  await execa('ffmpeg', ['-version']).catch(() => {
    throw new Error('These tests need ffmpeg (Debian: apt-get install ffmpeg).');
  });
  folder = await mkdtemp(join(tmpdir(), 'arc-egress-test-'));
  stage = await openStage({ settings: { media: 'mux' } });
  const without = ['--without', 'realtime-ingress', '--without', 'realtime-egress'];
  await stage.succeed(['up', 'cache', 'storage', 'realtime', ...without, '--yes']);
  await workerIsReady();
});
afterAll(async () => {
  worker?.child.kill();
  await worker?.child;
  bucket.destroy();
  await stage?.close();
  await rm(folder, { recursive: true, force: true });
});

/** Somebody who publishes, until the test is over. */
async function publisher(
  room: string,
  identity = 'camera',
): Promise<{ audio: string; video: string; leave: () => Promise<void> }> {
  await roomService().createRoom({ name: room });
  const token = new AccessToken(apiKey, apiSecret, { identity, ttl: 600 });
  token.addGrant({ room, roomJoin: true });
  const child = execa(
    process.execPath,
    [join(import.meta.dirname, '../support/room-publisher.ts'), 'ws://127.0.0.1:7880'],
    { env: stage.environment, input: await token.toJwt(), reject: false, timeout: 150_000 },
  );
  onTestFinished(async () => {
    child.kill();
    await child;
  });
  const line = await untilLine(child.readable(), (said) => said.startsWith('published '));
  const [audio = '', video = ''] = line.split(' ').slice(1);
  const leave = async (): Promise<void> => {
    await roomService().removeParticipant(room, identity);
  };
  return { audio, video, leave };
}

const stateOf = async ({ egressId }: EgressInfo): Promise<EgressInfo> => {
  const [info] = await egress.listEgress({ egressId });
  if (!info) throw new Error(`${egressId} is not known`);
  return info;
};
const untilStatus = (info: EgressInfo, status: Status): Promise<EgressInfo> =>
  until({
    what: `status ${Status[status]}`,
    ask: async () => {
      const now = await stateOf(info);
      return now.status === status ? now : undefined;
    },
  });

/** Lets a recording become so long, by its own clock: that of the server's answers. */
async function recordFor(info: EgressInfo, seconds: number): Promise<void> {
  const { startedAt } = await untilStatus(info, Status.EGRESS_ACTIVE);
  await until({
    what: `${seconds} s of recording`,
    ask: () => BigInt(Date.now()) * 1_000_000n - startedAt > BigInt(seconds * 1e9),
  });
}

async function objectOf(info: EgressInfo): Promise<Recorded> {
  const [file] = info.fileResults;
  const { Body } = await bucket.send(new GetObjectCommand({ Bucket: storage.bucket, Key: file?.filename }));
  const bytes = await Body?.transformToByteArray();
  if (!bytes) throw new Error('an object without bytes');
  expect(BigInt(bytes.length)).toBe(file?.size);
  const path = join(folder, 'looked-at');
  await writeFile(path, bytes);
  return lookAt(path);
}

const file = (filepath: string) => new EncodedFileOutput({ filepath });

/** What the file lacks is at most this many seconds of what the API says. */
const lengthTolerance = 0.3;
function expectLength({ seconds }: Recorded, info: EgressInfo): void {
  expect(Math.abs(seconds - Number(info.fileResults[0]?.duration) / 1e9)).toBeLessThan(lengthTolerance);
}
function expectWholePicture({ numbers }: Recorded): void {
  const steps = numbers.slice(1).map((number, index) => number - (numbers[index] ?? 0));
  expect(Math.min(...steps)).toBeGreaterThanOrEqual(0);
  // Up to two are missing between neighbours.
  expect(Math.max(...steps)).toBeLessThanOrEqual(3);
  expect((numbers.at(-1) ?? 0) - (numbers[0] ?? 0)).toBeGreaterThan(numbers.length * 0.9);
}
/** Seconds between a flash and the beep that belongs to it, at most. */
const apartTolerance = 0.08;
function expectInTime({ seconds, flashes, beeps }: Recorded): void {
  // At either end one of the two may lie outside.
  const inside = flashes.filter((flash) => flash > 0.3 && flash < seconds - 0.3);
  const apart = inside.map((flash) => Math.min(...beeps.map((beep) => Math.abs(beep - flash))));
  expect(apart.length).toBeGreaterThanOrEqual(2);
  expect(Math.max(...apart)).toBeLessThan(apartTolerance);
}

describe('a recording', () => {
  it('of a participant lies in the bucket, whole, in time, and as long as the API says', async () => {
    await publisher('participant');
    const info = await egress.startParticipantEgress('participant', 'camera', {
      file: file('{room_name}/a'),
    });
    expect(info.status).toBe(Status.EGRESS_STARTING);
    await recordFor(info, 5);
    expect((await egress.stopEgress(info.egressId)).status).toBe(Status.EGRESS_ENDING);
    const done = await untilStatus(info, Status.EGRESS_COMPLETE);
    expect(done).toMatchObject({ roomName: 'participant', error: '', details: 'End reason: StopEgress API' });
    expect(done.fileResults[0]).toMatchObject({
      filename: 'participant/a.mp4',
      location: 'https://127.0.0.1:9000/recordings/participant/a.mp4',
    });
    const recorded = await objectOf(done);
    expect(recorded).toMatchObject({ width: 1280, height: 720 });
    expectLength(recorded, done);
    expectWholePicture(recorded);
    expectInTime(recorded);
  });

  it('of two tracks ends with them', async () => {
    const { audio, video, leave } = await publisher('tracks');
    const info = await egress.startTrackCompositeEgress('tracks', file('tracks/a'), {
      audioTrackId: audio,
      videoTrackId: video,
    });
    await recordFor(info, 4);
    await leave();
    const done = await untilStatus(info, Status.EGRESS_COMPLETE);
    expect(done.details).toBe('End reason: Source closed');
    const recorded = await objectOf(done);
    expectLength(recorded, done);
    expectInTime(recorded);
  });

  it('of a track is what the track is', async () => {
    const { audio, video } = await publisher('track');
    const output = new DirectFileOutput({ filepath: 'track/{track_type}-{publisher_identity}' });
    const picture = await egress.startTrackEgress('track', output, video);
    await recordFor(picture, 3);
    await egress.stopEgress(picture.egressId);
    const done = await untilStatus(picture, Status.EGRESS_COMPLETE);
    expect(done.fileResults[0]?.filename).toBe('track/video-camera.webm');
    const recorded = await objectOf(done);
    expect(recorded).toMatchObject({ width: 640, height: 360, beeps: [] });
    expectWholePicture(recorded);

    const sound = await egress.startTrackEgress('track', output, audio);
    await recordFor(sound, 3);
    await egress.stopEgress(sound.egressId);
    const heard = await untilStatus(sound, Status.EGRESS_COMPLETE);
    expect(heard.fileResults[0]?.filename).toBe('track/audio-camera.ogg');
    expect((await objectOf(heard)).beeps.length).toBeGreaterThanOrEqual(2);
  });

  it('of a room has everybody in it, beside each other and mixed', async () => {
    await publisher('room', 'left');
    await publisher('room', 'right');
    const info = await egress.startRoomCompositeEgress('room', file('room/a'), { layout: 'grid' });
    await recordFor(info, 4);
    await egress.stopEgress(info.egressId);
    const done = await untilStatus(info, Status.EGRESS_COMPLETE);
    const recorded = await objectOf(done);
    expect(recorded).toMatchObject({ width: 1280, height: 720 });
    expectLength(recorded, done);
    expect(recorded.beeps.length).toBeGreaterThanOrEqual(4);
  });

  it('of a room that is only heard is Ogg', async () => {
    await publisher('heard');
    const output = new EncodedFileOutput({ filepath: 'heard/a', fileType: EncodedFileType.OGG });
    const info = await egress.startRoomCompositeEgress('heard', output, { audioOnly: true });
    await recordFor(info, 3);
    await egress.stopEgress(info.egressId);
    const recorded = await objectOf(await untilStatus(info, Status.EGRESS_COMPLETE));
    expect(recorded.width).toBe(0);
    expect(recorded.beeps.length).toBeGreaterThanOrEqual(2);
  });

  it('that is stopped before there was anything is aborted', async () => {
    await roomService().createRoom({ name: 'empty' });
    const info = await egress.startParticipantEgress('empty', 'nobody', { file: file('empty/a') });
    await egress.stopEgress(info.egressId);
    const done = await untilStatus(info, Status.EGRESS_ABORTED);
    expect(done).toMatchObject({ errorCode: 412, error: 'Stop called before pipeline could start' });
    await expect(egress.stopEgress(info.egressId)).rejects.toMatchObject({
      message: expect.stringContaining('egress with status EGRESS_ABORTED cannot be stopped'),
    });
  });

  it('of who is not there fails after a time, with words', async () => {
    await roomService().createRoom({ name: 'lonely' });
    const info = await egress.startParticipantEgress('lonely', 'nobody', { file: file('lonely/a') });
    expect(await untilStatus(info, Status.EGRESS_FAILED)).toMatchObject({
      errorCode: 404,
      error: 'participant nobody not found',
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
  ])('%s is refused at once, in words', async (what, start) => {
    await roomService().createRoom({ name: 'room' });
    await expect(start()).rejects.toMatchObject({
      status: 501,
      code: 'unimplemented',
      message: expect.stringContaining(`${what} needs the upstream flavour`),
    });
  });
});

describe('what goes wrong', () => {
  it('with the process of one recording ends that one, with words, and what there is of it is kept', async () => {
    await publisher('crash');
    const info = await egress.startParticipantEgress('crash', 'camera', { file: file('crash/a') });
    await recordFor(info, 3);
    const [victim = 0] = childrenOf(worker.child.pid);
    process.kill(victim, 'SIGKILL');
    const failed = await untilStatus(info, Status.EGRESS_FAILED);
    expect(failed.error).toBe("The recording's process ended unexpectedly (SIGKILL).");
    expect((await objectOf(failed)).seconds).toBeGreaterThan(1.5);
    expect(await health()).toBe(200);
  });

  it('with the worker fails what it recorded at its next start, and sends what there was', async () => {
    await publisher('killed');
    const info = await egress.startParticipantEgress('killed', 'camera', { file: file('killed/a') });
    await recordFor(info, 3);
    worker.child.kill('SIGKILL');
    await worker.child;
    expect((await stateOf(info)).status).toBe(Status.EGRESS_ACTIVE);
    await workerIsReady();
    const failed = await untilStatus(info, Status.EGRESS_FAILED);
    expect(failed.error).toBe('The worker was killed while it was recording.');
    await until({ what: 'the file', ask: async () => (await stateOf(info)).fileResults[0]?.location });
    expect((await objectOf(await stateOf(info))).seconds).toBeGreaterThan(1.5);
    expect(readdirSync(join(folder, 'scratch'))).toEqual([]);
  });

  it('with the storage delays the end, and loses nothing', async () => {
    await publisher('storage');
    const info = await egress.startParticipantEgress('storage', 'camera', { file: file('storage/a') });
    await recordFor(info, 3);
    await stage.engine.docker.getContainer('arc-storage').stop();
    await egress.stopEgress(info.egressId);
    await untilStatus(info, Status.EGRESS_ENDING);
    await stage.succeed(['up', 'storage', '--yes']);
    const done = await untilStatus(info, Status.EGRESS_COMPLETE);
    expectLength(await objectOf(done), done);
  });

  it('with Redis does not end a recording', async () => {
    await publisher('redis');
    const info = await egress.startParticipantEgress('redis', 'camera', { file: file('redis/a') });
    await recordFor(info, 2);
    await stage.engine.docker.getContainer('arc-cache').stop();
    await until({ what: 'the loss', ask: async () => (await health()) === 503 });
    await stage.succeed(['up', 'cache', '--yes']);
    await until({ what: 'the recovery', ask: async () => (await health()) === 200 });
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
  it('ends a recording in order, and sends it', async () => {
    await publisher('drained');
    const info = await egress.startParticipantEgress('drained', 'camera', { file: file('drained/a') });
    await recordFor(info, 3);
    worker.child.kill('SIGTERM');
    expect((await worker.child).exitCode).toBe(0);
    const done = await stateOf(info);
    expect(done).toMatchObject({ status: Status.EGRESS_COMPLETE, details: 'End reason: Process killed' });
    expectLength(await objectOf(done), done);
  });

  it('is not what a wrong configuration waits for', async () => {
    const { exitCode, stderr } = await execa(
      process.execPath,
      [join(repository, 'services/realtime/embedded/egress/main.ts')],
      { env: { EGRESS_CONFIG_BODY: '{api_key: key, cpu_cost: {}}' }, reject: false },
    );
    expect(exitCode).toBe(2);
    expect(stderr).toContain('cpu_cost is not supported by the embedded egress worker');
  });
});

const childrenOf = (pid = 0): number[] =>
  readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').map(Number);

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateBucketCommand, GetObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { type EgressInfo, EgressStatus as Status } from '@livekit/protocol';
import { execa } from 'execa';
import { AccessToken, EgressClient } from 'livekit-server-sdk';
import { onTestFinished } from 'vitest';
import { devLivekit, roomService } from './rooms.ts';
import { repository, untilLine } from './run-arc.ts';
import { openStage, type Stage } from './stage.ts';
import { until } from './until.ts';

const { apiKey, apiSecret } = devLivekit;
export const serverUrl = 'http://127.0.0.1:7880';

/** The bucket of the development stack. */
export const egressStorage = {
  access_key: 'arc-dev-minio',
  secret: 'arc-dev-minio-password',
  region: 'us-east-1',
  endpoint: 'http://127.0.0.1:9000',
  bucket: 'recordings',
  force_path_style: true,
};

export type WorkerProcess = ReturnType<typeof workerProcess>;

function workerProcess(options: {
  stage: Stage;
  scratch: string;
  healthPort: number;
  environment?: Readonly<Record<string, string>>;
  /** A file system of its own for the recordings, that small: `160k`. */
  scratchSize?: string;
  /** More of the configuration. */
  configuration?: Readonly<Record<string, unknown>>;
}) {
  const { stage, scratch, healthPort, environment, scratchSize } = options;
  const configuration = JSON.stringify({
    api_key: apiKey,
    api_secret: apiSecret,
    ws_url: 'ws://127.0.0.1:7880',
    redis: { address: '127.0.0.1:6379', password: 'arc-dev-redis-password' },
    health_port: healthPort,
    storage: { s3: egressStorage },
    ...options.configuration,
  });
  const command = [process.execPath, join(repository, 'packages/livekit-workers/egress/main.ts')];
  const mounted = 'mount -t tmpfs -o size="$1" tmpfs "$2" && shift 2 && exec "$@"';
  const [program = '', ...rest] =
    scratchSize === undefined
      ? command
      : [
          ...['unshare', '--user', '--map-root-user', '--mount'],
          ...['sh', '-c', mounted, 'sh', scratchSize, scratch, ...command],
        ];
  const child = execa(program, rest, {
    env: {
      ...stage.environment,
      ...environment,
      EGRESS_CONFIG_BODY: configuration,
      EGRESS_SCRATCH: scratch,
    },
    reject: false,
    all: true,
    // It may take as long as it does where Docker stops it.
    forceKillAfterDelay: 20_000,
  });
  return { child, healthPort };
}

/** A stack with everything but a worker of upstream's, and what tests of the embedded egress worker do with it. */
export type EgressStage = Awaited<ReturnType<typeof openEgressStage>>;

export async function openEgressStage() {
  await execa('ffmpeg', ['-version']).catch(() => {
    throw new Error('These tests need ffmpeg (Debian: apt-get install ffmpeg).');
  });
  const folder = await mkdtemp(join(tmpdir(), 'arc-egress-test-'));
  const stage = await openStage({ settings: { media: 'mux' } });
  const egress = new EgressClient(serverUrl, apiKey, apiSecret);
  const bucket = new S3Client({
    region: egressStorage.region,
    endpoint: egressStorage.endpoint,
    forcePathStyle: true,
    credentials: { accessKeyId: egressStorage.access_key, secretAccessKey: egressStorage.secret },
  });
  const without = ['--without', 'realtime-ingress', '--without', 'realtime-egress'];
  await stage.succeed(['up', 'cache', 'storage', 'realtime', ...without, '--yes']);
  const scratch = join(folder, 'scratch');
  const workers = new Set<WorkerProcess>();

  const health = async (port = 7889): Promise<number> => (await fetch(`http://127.0.0.1:${port}/`)).status;
  /** Resolves when it is ready. */
  const startWorker = async (
    options: {
      healthPort?: number;
      scratch?: string;
      scratchSize?: string;
      configuration?: Readonly<Record<string, unknown>>;
      environment?: Readonly<Record<string, string>>;
    } = {},
  ): Promise<WorkerProcess> => {
    const { healthPort = 7889, environment = {}, configuration = {}, scratchSize } = options;
    const worker = workerProcess({
      stage,
      scratch: options.scratch ?? scratch,
      ...{ healthPort, environment, configuration },
      ...(scratchSize ? { scratchSize } : {}),
    });
    workers.add(worker);
    await until({ what: 'the worker', ask: async () => (await health(healthPort)) === 200 });
    return worker;
  };

  /** Somebody who publishes, until the test is over. */
  const publisher = async (
    room: string,
    identity = 'camera',
  ): Promise<{ audio: string; video: string; leave: () => Promise<void> }> => {
    await roomService().createRoom({ name: room });
    const token = new AccessToken(apiKey, apiSecret, { identity, ttl: 600 });
    token.addGrant({ room, roomJoin: true });
    const child = execa(
      process.execPath,
      [join(import.meta.dirname, 'room-publisher.ts'), 'ws://127.0.0.1:7880'],
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
  };

  const stateOf = async ({ egressId }: Pick<EgressInfo, 'egressId'>): Promise<EgressInfo> => {
    const [info] = await egress.listEgress({ egressId });
    if (!info) throw new Error(`${egressId} is not known`);
    return info;
  };
  const untilStatus = (info: Pick<EgressInfo, 'egressId'>, status: Status): Promise<EgressInfo> =>
    until({
      what: `status ${Status[status]}`,
      ask: async () => {
        const now = await stateOf(info);
        return now.status === status ? now : undefined;
      },
    });
  /** Lets a recording become so long, by its own clock: that of the server's answers. */
  const recordFor = async (info: Pick<EgressInfo, 'egressId'>, seconds: number): Promise<void> => {
    await untilStatus(info, Status.EGRESS_ACTIVE);
    await until({
      what: `${seconds} s of recording`,
      ask: async () => {
        const { fileResults, segmentResults, streamResults } = await stateOf(info);
        const began = [...fileResults, ...segmentResults, ...streamResults].map(({ startedAt }) => startedAt);
        const [first] = began.filter((startedAt) => startedAt !== 0n);
        return first !== undefined && BigInt(Date.now()) * 1_000_000n - first > BigInt(seconds * 1e9);
      },
    });
  };

  const makeBucket = async (name: string): Promise<void> => {
    await bucket.send(new CreateBucketCommand({ Bucket: name }));
  };
  const object = async (key: string, Bucket = egressStorage.bucket): Promise<Buffer> => {
    const { Body } = await bucket.send(new GetObjectCommand({ Bucket, Key: key }));
    const bytes = await Body?.transformToByteArray();
    if (!bytes) throw new Error('an object without bytes');
    return Buffer.from(bytes);
  };
  const objects = async (prefix: string): Promise<readonly string[]> => {
    const { Contents = [] } = await bucket.send(
      new ListObjectsV2Command({ Bucket: egressStorage.bucket, Prefix: prefix }),
    );
    return Contents.map(({ Key = '' }) => Key).sort();
  };
  /** @returns its path */
  const fetched = async (key: string, name = key.replaceAll('/', '-')): Promise<string> => {
    const path = join(folder, name);
    await writeFile(path, await object(key));
    return path;
  };

  return {
    ...{ stage, egress, folder, scratch, health, startWorker, publisher, stateOf, untilStatus, recordFor },
    ...{ object, objects, fetched, makeBucket },
    close: async () => {
      for (const { child } of workers) child.kill();
      await Promise.all([...workers].map(({ child }) => child));
      bucket.destroy();
      await stage.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
